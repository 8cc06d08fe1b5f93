/** The world as a command sees it, so that nothing below the entry point touches `process`. Types only. */

/** Where text goes. */
export interface TextSink {
  readonly isTTY: boolean;
  write(text: string | Uint8Array): void;
}

/** What a command may use. */
export interface CommandIo {
  /** The real path of the working directory. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Everything that standard input holds. */
  readStdin(): Promise<Uint8Array>;
}
