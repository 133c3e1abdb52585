import { anyKind, resourceOf } from './kinds.ts';
import type { Place } from './place.ts';

/** What a question wants, told apart by `type`. */
export type Intent =
  | { readonly type: 'wrong'; readonly place: Place; readonly name?: string }
  | { readonly type: 'list'; readonly place: Place; readonly resource: string }
  | { readonly type: 'describe'; readonly place: Place; readonly resource: string; readonly name: string }
  | { readonly type: 'logs'; readonly place: Place; readonly name: string; readonly resource: string }
  | { readonly type: 'events'; readonly place: Place }
  | { readonly type: 'scale'; readonly place: Place; readonly resource: string; readonly name: string; readonly replicas: number }
  | { readonly type: 'restart'; readonly place: Place; readonly resource: string; readonly name: string }
  | { readonly type: 'delete'; readonly place: Place; readonly resource: string; readonly name: string }
  | { readonly type: 'unknown' };

const name = '([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)';
const object = `(?:the\\s+)?(?:(${anyKind})[\\s/]+)?${name}`;
const chineseObject = `(?:(${anyKind})[\\s/]*)?${name}`;

const patterns = {
  scaleEnglish: new RegExp(`\\bscale\\s+${object}(?:\\s+(?:${anyKind}))?(?:\\s+(?:up|down))?\\s+to\\s+(\\d{1,4})`, 'i'),
  scaleChinese: new RegExp(
    `(?:把|将)?\\s*${chineseObject}\\s*(?:${anyKind})?\\s*(?:扩容|缩容|扩展|伸缩|调整|扩|缩|设)[到至为成]*\\s*(\\d{1,4})`,
    'i',
  ),
  restart: new RegExp(`\\b(?:restart|reboot|bounce)\\s+${object}|重启\\s*${chineseObject}`, 'i'),
  remove: new RegExp(`\\b(?:delete|remove)\\s+(?:the\\s+)?(${anyKind})[\\s/]+${name}|删除\\s*(${anyKind})[\\s/]*${name}`, 'i'),
  logs: new RegExp(`\\blogs?\\s+(?:of|from|for)?\\s*${object}|${chineseObject}\\s*的?日志|日志\\s*${chineseObject}`, 'i'),
  describe: new RegExp(
    `\\b(?:describe|details? of|show)\\s+(?:the\\s+)?(${anyKind})[\\s/]+${name}|(?:描述|查看|详情)\\s*(${anyKind})[\\s/]*${name}`,
    'i',
  ),
  why: new RegExp(
    `\\bwhy\\s+(?:is|are|does|do|did|has|can'?t|isn'?t)?\\s*${object}|为什么\\s*${chineseObject}|${chineseObject}\\s*(?:为什么|怎么了|为何)`,
    'i',
  ),
  wrong:
    /\bwrong\b|\bbroken\b|\bproblems?\b|\bissues?\b|\bfail(?:s|ed|ing|ures?)?\b|\bunhealthy\b|\bnot (?:ready|running|healthy)\b|\bdiagnos|问题|故障|异常|不正常|诊断|失败|哪里错/i,
  events: /\bevents?\b|事件/i,
  list: new RegExp(
    `\\b(?:list|show|get|which|what|how many|display)\\s+(?:me\\s+)?(?:all\\s+)?(?:the\\s+)?(${anyKind})|(?:列出|显示|查看|有哪些|多少个?|所有)\\s*(?:所有|全部)?的?\\s*(${anyKind})`,
    'i',
  ),
};

/** Reads a question in English or Chinese; the first line counts. */
export function parseIntent(question: string): Intent {
  const [line = ''] = question.trim().split('\n');
  const { place, rest } = takePlace(line);
  return (
    scale(rest, place) ??
    ofObject(patterns.restart, rest, (resource, found) => ({ type: 'restart', place, resource: resource ?? 'deployments', name: found })) ??
    ofObject(patterns.remove, rest, (resource, found) =>
      resource === undefined ? undefined : { type: 'delete', place, resource, name: found },
    ) ??
    ofObject(patterns.logs, rest, (resource, found) => ({ type: 'logs', place, resource: resource ?? 'deployments', name: found })) ??
    why(rest, place) ??
    (patterns.wrong.test(rest) ? ({ type: 'wrong', place } as const) : undefined) ??
    ofObject(patterns.describe, rest, (resource, found) =>
      resource === undefined ? undefined : { type: 'describe', place, resource, name: found },
    ) ??
    (patterns.events.test(rest) ? ({ type: 'events', place } as const) : undefined) ??
    list(rest, place) ?? { type: 'unknown' }
  );
}

const placeEnglish =
  /\s*\b(?:in|of|from|for)\s+(?:the\s+)?(?:namespace\s+([a-z0-9-]+)|([a-z0-9-]+)\s+namespace)\b|\s*(?:-n|--namespace)[\s=]+([a-z0-9-]+)/i;
const placeChinese = /(?:在)?\s*([a-z0-9-]+)\s*(?:命名空间|名字空间)(?:里|中|内|下)?的?|命名空间\s*([a-z0-9-]+)(?:里|中|内|下)?的?/i;
const everywhere = /\s*\b(?:in\s+)?all\s+namespaces\b|\s+-A\b|\b(?:in\s+)?the\s+(?:whole\s+)?cluster\b|所有命名空间|整个集群|集群/i;

/** Takes the namespace out of a question. */
function takePlace(line: string): { readonly place: Place; readonly rest: string } {
  if (everywhere.test(line)) return { place: { type: 'all' }, rest: line.replace(everywhere, ' ') };
  for (const pattern of [placeEnglish, placeChinese]) {
    const match = pattern.exec(line);
    const found = match?.slice(1).find((group) => group !== undefined);
    if (match !== null && found !== undefined && found !== 'the' && found !== 'this') {
      return { place: { type: 'namespace', name: found.toLowerCase() }, rest: line.replace(match[0], ' ') };
    }
  }
  return { place: { type: 'default' }, rest: line };
}

function scale(line: string, place: Place): Intent | undefined {
  const match = patterns.scaleEnglish.exec(line) ?? patterns.scaleChinese.exec(line);
  const [, kind, found, replicas] = match ?? [];
  if (found === undefined || replicas === undefined) return undefined;
  return {
    type: 'scale',
    place,
    resource: (kind === undefined ? undefined : resourceOf(kind)) ?? 'deployments',
    name: found.toLowerCase(),
    replicas: Number(replicas),
  };
}

function why(line: string, place: Place): Intent | undefined {
  const names = ofObject(patterns.why, line, (_, found) => ({ type: 'wrong', place, name: found }));
  if (names?.type !== 'wrong' || names.name === undefined || !notNames.has(names.name)) return names;
  return { type: 'wrong', place };
}

/** Words that can stand where a name is expected. */
const notNames = new Set([
  'it',
  'this',
  'that',
  'my',
  'the',
  'everything',
  'something',
  'anything',
  'there',
  'a',
  'an',
  'all',
  'pods',
  'pod',
]);

type Make = (resource: string | undefined, name: string) => Intent | undefined;

/** The first pair of kind and name that a pattern of alternatives found. */
function ofObject(pattern: RegExp, line: string, make: Make): Intent | undefined {
  const groups = pattern.exec(line)?.slice(1) ?? [];
  for (let index = 0; index + 1 < groups.length; index += 2) {
    const found = groups[index + 1];
    if (found !== undefined) return make(groups[index] === undefined ? undefined : resourceOf(groups[index] ?? ''), found.toLowerCase());
  }
  return undefined;
}

function list(line: string, place: Place): Intent | undefined {
  const word = patterns.list
    .exec(line)
    ?.slice(1)
    .find((group) => group !== undefined);
  const resource = word === undefined ? undefined : resourceOf(word);
  return resource === undefined ? undefined : { type: 'list', place, resource };
}
