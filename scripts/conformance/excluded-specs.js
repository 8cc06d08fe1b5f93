/**
 * Specs of tfjs-core's suite that this backend does not have to pass. A name matches every spec whose full name
 * contains it. Each entry says why; the run fails when a spec passes although it is listed.
 */
export const EXCLUDED_SPECS = [];
