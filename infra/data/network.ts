// Private subnets in two zones: no internet gateway, no NAT, so there is no way out but the VPC endpoints (and the
// district's VPN, where there is one). A given VPC is taken as it is.
import { Fn, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Settings, isGivenNetwork } from '../app/settings';

export function makeNetwork(
  scope: Construct,
  settings: Settings,
  key: kms.IKey,
  removalPolicy: RemovalPolicy,
): ec2.IVpc {
  const { network } = settings;
  if (isGivenNetwork(network)) {
    return ec2.Vpc.fromVpcAttributes(scope, 'GivenVpc', {
      vpcId: network.vpcId,
      vpcCidrBlock: network.cidr,
      availabilityZones: network.availabilityZones,
      isolatedSubnetIds: network.subnetIds,
      // Only Homeroom's own endpoint reads it, and that one takes the list from the settings.
      isolatedSubnetRouteTableIds: network.subnetIds.map(
        (_, index) => network.routeTableIds[index] ?? network.routeTableIds[0] ?? 'none',
      ),
    });
  }
  const vpc = new ec2.Vpc(scope, 'Vpc', {
    ipAddresses: ec2.IpAddresses.cidr(network.cidr),
    availabilityZones: [0, 1].map((index) => Fn.select(index, Fn.getAzs())),
    natGateways: 0,
    createInternetGateway: false,
    restrictDefaultSecurityGroup: false, // would add a Lambda function of its own; nothing here uses that group
    subnetConfiguration: [{ name: 'private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  const group = new logs.LogGroup(scope, 'FlowLogs', {
    encryptionKey: key,
    retention: settings.profile.logDays,
    removalPolicy,
  });
  vpc.addFlowLog('Flow', { destination: ec2.FlowLogDestination.toCloudWatchLogs(group) });
  if (settings.vpn !== undefined) joinDistrict(scope, vpc, settings);
  return vpc;
}

/** A site-to-site VPN to the district's own network: people, Tableau and a database there meet Homeroom through it. */
function joinDistrict(scope: Construct, vpc: ec2.Vpc, settings: Settings): void {
  const vpn = settings.vpn!;
  const gateway = new ec2.CfnVPNGateway(scope, 'VpnGateway', { type: 'ipsec.1' });
  const attachment = new ec2.CfnVPCGatewayAttachment(scope, 'VpnAttachment', {
    vpcId: vpc.vpcId,
    vpnGatewayId: gateway.ref,
  });
  const device = new ec2.CfnCustomerGateway(scope, 'DistrictDevice', {
    type: 'ipsec.1',
    ipAddress: vpn.deviceIp,
    bgpAsn: vpn.bgpAsn,
  });
  Tags.of(device).add('Name', `${settings.prefix}-district`);
  const connection = new ec2.CfnVPNConnection(scope, 'VpnConnection', {
    type: 'ipsec.1',
    customerGatewayId: device.ref,
    vpnGatewayId: gateway.ref,
    staticRoutesOnly: true,
  });
  vpn.cidrs.forEach((cidr, index) => {
    new ec2.CfnVPNConnectionRoute(scope, `VpnRoute${index}`, {
      destinationCidrBlock: cidr,
      vpnConnectionId: connection.ref,
    });
  });
  const routes = new ec2.CfnVPNGatewayRoutePropagation(scope, 'VpnRoutes', {
    routeTableIds: vpc.isolatedSubnets.map((subnet) => subnet.routeTable.routeTableId),
    vpnGatewayId: gateway.ref,
  });
  routes.addResourceDependency(attachment);
}
