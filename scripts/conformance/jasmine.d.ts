/** The part of Jasmine's runner that the conformance run uses; Jasmine publishes no types. */
declare module 'jasmine' {
  /** What became of one spec. */
  export interface SpecResult {
    readonly fullName: string;
    readonly status: 'passed' | 'failed' | 'pending' | 'excluded';
    readonly failedExpectations: readonly { readonly message: string; readonly stack: string }[];
  }

  export default class Jasmine {
    exitOnCompletion: boolean;
    readonly env: {
      configure(options: {
        random?: boolean;
        forbidDuplicateNames?: boolean;
        hideDisabled?: boolean;
        specFilter?: (spec: { getFullName(): string }) => boolean;
      }): void;
    };
    clearReporters(): void;
    addReporter(reporter: { specDone(result: SpecResult): void }): void;
    execute(): Promise<unknown>;
  }
}
