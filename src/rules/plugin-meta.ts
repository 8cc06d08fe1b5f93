/** The name and version of the plugin, for ESLint's cache, `--print-config` and messages. Reads package.json once. */
import { createRequire } from 'node:module';

/** The prefix of the rules in a configuration: `mirrorscope/no-multi-gpu-model`. */
export const NAMESPACE = 'mirrorscope';

const { name, version, homepage } = createRequire(import.meta.url)('../../package.json') as {
  name: string;
  version: string;
  homepage?: string;
};

export const PLUGIN_META = { name, version, namespace: NAMESPACE } as const;

/** The address of a rule's documentation, for the installed version. */
export function documentationUrl(rule: string): string {
  const file = `docs/rules/${rule}.md`;
  return homepage === undefined
    ? new URL(`../../${file}`, import.meta.url).href
    : `${homepage.split('#', 1).join('')}/blob/v${version}/${file}`;
}
