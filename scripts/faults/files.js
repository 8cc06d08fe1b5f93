/**
 * `npm run faults:files -- [--kills N]`: writes groups of files that belong together while the process is killed, the
 * disk is full, folders are read-only, other runs write and other programs edit. Prints how often each was tried, and
 * how many files were lost, torn or left over. Fails if any was. Needs dist/.
 */
import { parseArgs } from 'node:util';

import { emptyCounts } from './group-folder.js';
import { SCENARIOS } from './scenarios-table.js';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '500' } } });
const kills = Number(values.kills);

const header = ['scenario', 'tried', 'interrupted', 'lost', 'torn', 'left over'];
console.log(`| ${header.join(' | ')} |\n|${header.map(() => '---').join('|')}|`);
let failures = 0;
for (const { name, run } of SCENARIOS) {
  const counts = emptyCounts();
  await run(counts, kills);
  const { tried, interrupted, lost, torn, leftOver } = counts;
  failures += lost + torn + leftOver + (tried === 0 ? 1 : 0);
  console.log(`| ${[name, tried, interrupted, lost, torn, leftOver].join(' | ')} |`);
}
if (failures > 0) process.exitCode = 1;
