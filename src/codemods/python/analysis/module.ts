/** Everything that is known about one Python file: tree, scopes, origins. */
import { type PythonSource } from '../syntax/source.js';
import { type OriginContext, Origins } from './origin.js';
import { Scopes } from './scopes.js';

/** One analysed Python file. */
export class PythonModule {
  readonly scopes: Scopes;
  readonly origins: Origins;

  constructor(
    readonly source: PythonSource,
    context: OriginContext = {},
  ) {
    this.scopes = new Scopes(source);
    this.origins = new Origins(source, this.scopes, context);
  }
}
