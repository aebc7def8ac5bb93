// Prints the monthly estimate of each profile, and the prices that it stands on.
import { DATABASE_HOUR, PRICES } from './prices';
import { table } from './estimate';

console.log(table());
console.log('\nPrices (US dollars, us-east-1):');
for (const { usd, unit, page, read } of [...Object.values(DATABASE_HOUR), ...Object.values(PRICES)]) {
  console.log(`  ${usd} a ${unit} (${page}, ${read})`);
}
