import type { ProviderErrorCode } from './failure.ts';

/** How vendors word an error whose status does not tell it. */
export interface Wording {
  readonly code: ProviderErrorCode;
  readonly statuses: readonly number[];
  /** Matched against the error's code, type and message. */
  readonly pattern: RegExp;
}

/** The first that fits wins. */
export const wordings: readonly Wording[] = [
  { code: 'bad-request', statuses: [400, 422, 500], pattern: /system role (is )?not supported/i },
  {
    // Google and xAI answer 400 to a key that they do not know.
    code: 'authentication-failed',
    statuses: [400],
    pattern: /api[ _]?key not valid|api_key_invalid|(incorrect|invalid) api[ _]?key/i,
  },
  {
    // DashScope calls its limits per minute a quota, too.
    code: 'rate-limited',
    statuses: [429],
    pattern: /allocated quota exceeded|(requests?|tokens?) per (minute|second)/i,
  },
  {
    code: 'content-filter',
    statuses: [400, 403, 422, 451],
    pattern:
      /content_filter|data_?inspection_?failed|content exists risk|sensitive_?content|content management policy|inappropriate content/i,
  },
  {
    code: 'context-length-exceeded',
    statuses: [400, 413, 422],
    pattern:
      /context_length_exceeded|exceed_context_size|maximum (context|sequence) length|max(imum)?_(context|model)_len|range of input length|exceed max message tokens|(prompt|input) is too long|context (window|size|length).{0,40}exceed|exceed.{0,60}context (window|size|length)|reduce the length|maximum prompt length|exceeds the maximum number of tokens/i,
  },
  {
    code: 'insufficient-quota',
    statuses: [400, 402, 403, 429],
    pattern:
      /insufficient[_ ]?(quota|balance|funds|credit)|exceeded your current quota|arrearage|overdue|setlimitexceeded|set inference limit|billing_hard_limit|free_?tier_?only|quota_?exceeded|credit balance is too low|used all available credits|spending limit/i,
  },
  {
    // OpenAI: tools are supported, but not together with reasoning; what helps is learned from the sentence.
    code: 'bad-request',
    statuses: [400],
    pattern: /reasoning_effort/i,
  },
  {
    // ollama; vLLM without a parser; llama.cpp without --jinja; routers (404); templates that know no role of tools.
    code: 'tools-unsupported',
    statuses: [400, 404, 405, 422, 500, 501],
    pattern:
      /does(n't| not) support [`'"]?(tools?|tool.use|functions?)\b|\b(tools?|tool.(use|calls?|calling)|function.(calls?|calling))\b[^[\]"':]{0,40}\b(is|are) (not (fully )?(supported|enabled|available|allowed)|unsupported)|tools? param is not|support tool use|unsupported param(eter)?:? ?['"`]?tools|tool choice requires|--jinja|--enable-auto-tool-choice|--tool-call-parser|(unrecognized|unknown|unexpected|extra)\b.{0,60}\btools\b(?!\[)|(unknown|unexpected|invalid|unsupported) (message )?role:? ?['"`]?tool\b|roles must alternate|only user(,| and) .{0,24}roles are supported/i,
  },
  {
    code: 'model-not-found',
    statuses: [400, 403, 404, 422],
    pattern:
      /model_not_(found|exist)|model[ _]not[ _](exist|found|open)|\bmodels?\b.{0,120}(does not exist|do not exist|not found|not exist|is not (available|valid|supported))|supported (api )?model names|invalidendpoint|modelnotopen|has not activated the model|(unknown|invalid|no such|unsupported) model\b|model identifier is invalid|deploymentnotfound|model\.?access_?denied|model access denied|access to (the )?model/i,
  },
];
