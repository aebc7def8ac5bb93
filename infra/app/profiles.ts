// What a district of each size gets. Everything that differs between sizes stands here and nowhere else.

export type ProfileName = 'small' | 'medium' | 'large';

export interface Profile {
  /** How many students it is meant for; only words, for people. */
  readonly students: string;
  /** Lambda memory. Lambda gives processor time by memory: 1,769 MB is one whole virtual processor. */
  readonly cleanMemoryMb: number;
  /** The most files cleaned at once, and what is kept free for that in the account. */
  readonly cleanConcurrency: number;
  readonly databaseClass: string;
  readonly databaseGb: number;
  readonly databaseMaxGb: number;
  readonly databaseMultiAz: boolean;
  readonly databaseBackupDays: number;
  readonly glueWorkerType: 'G.1X' | 'G.2X';
  readonly glueWorkers: number;
  /** Availability zones with an address of each VPC endpoint: each costs by the hour. */
  readonly endpointZones: 1 | 2;
  readonly logDays: number;
  readonly serviceCpu: number;
  readonly serviceMemoryMb: number;
  readonly monthlyBudgetUsd: number;
}

export const PROFILES: Record<ProfileName, Profile> = {
  small: {
    students: 'up to 5,000',
    cleanMemoryMb: 1769,
    cleanConcurrency: 5,
    databaseClass: 'db.t4g.medium',
    databaseGb: 50,
    databaseMaxGb: 200,
    databaseMultiAz: false,
    databaseBackupDays: 14,
    glueWorkerType: 'G.1X',
    glueWorkers: 2,
    endpointZones: 1,
    logDays: 365,
    serviceCpu: 512,
    serviceMemoryMb: 1024,
    monthlyBudgetUsd: 250,
  },
  medium: {
    students: '5,000 to 50,000',
    cleanMemoryMb: 1769,
    cleanConcurrency: 10,
    databaseClass: 'db.m7g.large',
    databaseGb: 200,
    databaseMaxGb: 1000,
    databaseMultiAz: true,
    databaseBackupDays: 35,
    glueWorkerType: 'G.1X',
    glueWorkers: 4,
    endpointZones: 2,
    logDays: 365,
    serviceCpu: 1024,
    serviceMemoryMb: 2048,
    monthlyBudgetUsd: 750,
  },
  large: {
    students: 'more than 50,000',
    cleanMemoryMb: 1769,
    cleanConcurrency: 50,
    databaseClass: 'db.r7g.2xlarge',
    databaseGb: 1000,
    databaseMaxGb: 4000,
    databaseMultiAz: true,
    databaseBackupDays: 35,
    glueWorkerType: 'G.2X',
    glueWorkers: 10,
    endpointZones: 2,
    logDays: 731,
    serviceCpu: 4096,
    serviceMemoryMb: 8192,
    monthlyBudgetUsd: 3500,
  },
};
