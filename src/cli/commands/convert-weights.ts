/** `mirrorscope convert-weights`: one weights file from one layout to the other. */
import type { WeightsConversion } from '../../weights/convert-weights.js';
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { CommandIo } from '../command-io.js';
import type { ExitCode } from '../command-table.js';

import path from 'node:path';

import { textOrJson } from '../arguments/plain-format.js';
import { usage } from '../run/run-settings.js';

/** Runs the command. */
export async function convertWeightsCommand(parsed: ParsedArguments, io: CommandIo): Promise<ExitCode> {
  const format = textOrJson(parsed);
  const [input, output, ...more] = parsed.paths;
  if (input === undefined || output === undefined || more.length > 0) {
    throw usage(
      'convert-weights takes two files, the input and the output',
      'For example: mirrorscope convert-weights parallel.h5 single.h5',
    );
  }
  if (parsed.has('nested') && parsed.has('flat')) throw usage('--nested and --flat exclude each other');
  const like = parsed.value('like');
  const { convertWeights } = await import('../../weights/convert-weights.js');
  const conversion = await convertWeights({
    input: path.resolve(io.directory, input),
    output: path.resolve(io.directory, output),
    to: parsed.has('nested') ? 'nested' : 'flat',
    template: parsed.value('template'),
    like: like === undefined ? undefined : path.resolve(io.directory, like),
    force: parsed.has('force'),
  });
  if (format === 'json')
    io.stdout.write(`${JSON.stringify({ schemaVersion: 1, input, output, ...conversion }, null, 2)}\n`);
  else io.stdout.write(textOf(output, conversion));
  return 0;
}

function textOf(
  output: string,
  { to, template, layers, weights, isModel, hasOptimizer, notes }: WeightsConversion,
): string {
  const what =
    to === 'flat'
      ? `the ${weights} weights of ${template} in ${layers} ${layers === 1 ? 'layer' : 'layers'}`
      : `${weights} weights as the nested model ${template}`;
  const extras = [isModel ? 'the model itself' : '', hasOptimizer ? 'the state of its optimizer' : ''].filter(
    (text) => text !== '',
  );
  const lines = [`Wrote ${output}: ${[what, ...extras].join(', and ')}.`, ...notes.map((note) => `Note: ${note}`)];
  return `${lines.join('\n')}\n`;
}
