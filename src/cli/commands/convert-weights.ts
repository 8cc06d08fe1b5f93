/** `mirrorscope convert-weights`: converts one weights file to the other layout. */
import type { WeightsConversion } from '../../weights/convert-weights.js';
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { CommandIo } from '../command-io.js';

import path from 'node:path';

import { ExitCode } from '../../report/exit-code.js';
import { pluralize } from '../../report/pluralize.js';
import { textOrJson } from '../arguments/text-or-json.js';
import { usageError } from '../arguments/usage-error.js';

/**
 * Runs the command.
 *
 * @param parsed - The arguments.
 * @param io - Standard output and the working directory.
 * @returns The exit code.
 * @throws {MirrorscopeError} `USAGE`, and every error of the conversion.
 */
export async function convertWeightsCommand(parsed: ParsedArguments, io: CommandIo): Promise<ExitCode> {
  const format = textOrJson(parsed);
  const [input, output, ...more] = parsed.paths;
  if (input === undefined || output === undefined || more.length > 0) {
    throw usageError(
      'convert-weights takes two files, the input and the output.',
      'For example: mirrorscope convert-weights parallel.h5 single.h5',
    );
  }
  if (parsed.has('nested') && parsed.has('flat')) throw usageError('--nested and --flat cannot be combined.');
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
  io.stdout.write(
    format === 'json'
      ? `${JSON.stringify({ schemaVersion: 1, input, output, ...conversion }, null, 2)}\n`
      : textOf(output, conversion),
  );
  return ExitCode.Done;
}

function textOf(output: string, conversion: WeightsConversion): string {
  const { to, template, layers, weights, isModel, hasOptimizer, notes } = conversion;
  const parts = [
    to === 'flat'
      ? `the ${weights} weights of ${template} in ${pluralize(layers, 'layer')}`
      : `${weights} weights as the nested model ${template}`,
    ...(isModel ? ['the model itself'] : []),
    ...(hasOptimizer ? ['the state of its optimizer'] : []),
  ];
  const lines = [`Wrote ${output}: ${parts.join(', and ')}.`, ...notes.map((note) => `Note: ${note}`)];
  return `${lines.join('\n')}\n`;
}
