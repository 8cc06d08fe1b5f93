/** One run with every kind of outcome, for the tests of all formats. Data only. */
import { RefusalReason } from '../../src/codemods/refusal-reason.js';
import { type Finding } from '../../src/codemods/result.js';
import { type ReportedFile, type RunReport } from '../../src/report/run-report.js';

export function finding(line: number, column: number, rest: Partial<Finding> & Pick<Finding, 'disposition'>): Finding {
  return {
    migration: 'multi-gpu-model',
    api: 'multiGpuModel',
    message: 'multiGpuModel is gone; train under a MirroredStrategy.',
    start: { offset: 100 * line + column, line, column },
    end: { offset: 100 * line + column + 5, line, column: column + 5 },
    ...rest,
  };
}

export const CHANGED: ReportedFile = {
  result: {
    path: 'src/train.js',
    status: 'changed',
    findings: [
      finding(2, 9, { disposition: 'rewrite' }),
      finding(7, 3, {
        disposition: 'refuse',
        reason: RefusalReason.CpuRelocation,
        end: { offset: 900, line: 8, column: 2 },
      }),
    ],
    output: 'const a = 1;\nconst b = 3;\n',
  },
  original: 'const a = 1;\nconst b = 2;\n',
  todoMarks: 1,
};

export const AWKWARD: ReportedFile = {
  result: {
    path: 'src/a b/100%,x:ü.ts',
    status: 'unchanged',
    findings: [
      finding(1, 1, {
        disposition: 'report',
        migration: 'tfjs-legacy',
        api: 'tf.loadModel',
        message: 'Two lines:\n50% of, "them".',
      }),
      finding(3, 1, { disposition: 'refuse', reason: RefusalReason.ModelNotInView }),
      finding(4, 1, { disposition: 'refuse', reason: RefusalReason.ModelNotInView }),
      finding(5, 1, { disposition: 'warn', message: 'requirements.txt asks for keras==3.6.0.' }),
    ],
  },
  todoMarks: 0,
};

export const FAILED: ReportedFile = {
  result: {
    path: 'src/broken.ts',
    status: 'failed',
    findings: [],
    error: {
      code: 'SYNTAX',
      message: 'src/broken.ts:1:5: Unexpected token.',
      hint: 'Fix the syntax and run again. The file was left unchanged.',
    },
  },
  todoMarks: 0,
};

export const QUIET: ReportedFile = {
  result: { path: 'src/quiet.js', status: 'unchanged', findings: [] },
  todoMarks: 0,
};

export const PREVIEW: RunReport = {
  version: '1.2.3',
  applied: false,
  filesScanned: 40,
  filesParsed: 4,
  followUps: ['Put 100% of it into package.json.'],
  files: [AWKWARD, FAILED, QUIET, CHANGED],
};

/** The same run with the changes written. The finding that is left is two lines further down. */
export const APPLIED: RunReport = {
  ...PREVIEW,
  applied: true,
  files: [
    AWKWARD,
    FAILED,
    QUIET,
    {
      ...CHANGED,
      result: {
        ...CHANGED.result,
        remaining: [finding(9, 3, { disposition: 'refuse', reason: RefusalReason.CpuRelocation })],
      },
    },
  ],
};

export const NOTHING: RunReport = { ...PREVIEW, filesParsed: 1, followUps: [], files: [QUIET] };
