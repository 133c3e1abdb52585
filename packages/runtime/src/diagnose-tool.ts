import { diagnoseTool } from '@kw/diagnose';

// Without the package's index, so that what a call does is loaded at the first call.
export { diagnoseTool };
