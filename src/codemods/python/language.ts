/**
 * Python support for the engine. Loading this module compiles the grammar, which takes about 25 ms; parsing is
 * synchronous afterwards.
 */
import { analyzedModule } from './multi-gpu-model/find/origin-context.js';
import { PythonProjects } from './project/python-projects.js';
import { pythonSupport } from './python-support.js';
import { loadPythonParser } from './syntax/parser.js';

/** The trees and projects of every run. */
export const pythonProjects = new PythonProjects(await loadPythonParser(), analyzedModule);

export const python = pythonSupport(pythonProjects);
