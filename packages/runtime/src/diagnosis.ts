import { createRedactor } from '@kw/agent';
import type { DiagnoseEvent, DiagnoseOptions, Finding, Report, Selection, Severity } from '@kw/diagnose';
import { diagnose, parseDuration, parseSelector, renderMarkdown, renderTable, severities, toKinds } from '@kw/diagnose';
import { createKubeTargets, isOpenKubeTarget, nodeHost } from '@kw/kube';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';
import { keysOf } from './keys.ts';

/** What is looked for. */
export interface DiagnosisWish extends Selection, Pick<DiagnoseOptions, 'include'> {
  /** All namespaces, whatever context and configuration say. */
  readonly everywhere: boolean;
  readonly signal: AbortSignal;
}

/** Finds faults without a model, and shows them. */
export interface Diagnosis {
  /**
   * Reads the configured cluster: the namespace that is named by flag, file or context, else all. Secrets are hidden in what it gives. Throws the
   * errors of a run (`no-cluster`, `unreachable`, ...).
   */
  run(config: Config, host: RuntimeHost, wish: DiagnosisWish): AsyncGenerator<DiagnoseEvent, void, undefined>;
  readonly renderTable: typeof renderTable;
  readonly renderMarkdown: typeof renderMarkdown;
  readonly parseDuration: typeof parseDuration;
  readonly parseSelector: typeof parseSelector;
  readonly toKinds: typeof toKinds;
  readonly severities: readonly Severity[];
}

/** The real one. */
export const diagnosis: Diagnosis = { run, renderTable, renderMarkdown, parseDuration, parseSelector, toKinds, severities };

async function* run(config: Config, host: RuntimeHost, wish: DiagnosisWish): AsyncGenerator<DiagnoseEvent, void, undefined> {
  const { everywhere, signal, ...selection } = wish;
  const targets = createKubeTargets({
    host: nodeHost({ env: host.env, homeDirectory: host.home }),
    userAgent: `kubelet-wuhrai/${host.version}`,
    kubeconfig: config.kubeconfig,
  });
  const { context, namespace } = config;
  const target = await targets.freeze(
    { ...(context === undefined ? {} : { context }), ...(namespace === undefined ? {} : { namespace }) },
    signal,
  );
  const open = await targets.open(target, signal);
  try {
    if (!isOpenKubeTarget(open)) throw new Error('not a target of this program');
    const options = {
      ...selection,
      ...(everywhere ? {} : { namespace: target.namespace }),
      home: target.namespace,
      signal,
    };
    for await (const event of diagnose(open.client, options)) {
      if (event.type === 'progress') yield event;
      else {
        const redactor = createRedactor({ secrets: [...keysOf(config, host.env), ...open.secrets()], reveal: config.showSecrets });
        yield { type: 'report', report: redacted(event.report, (text) => redactor.text(text)) };
      }
    }
  } finally {
    await open.close();
  }
}

/** What the cluster's own words may hold is hidden; names and reasons stay as they are. */
function redacted(report: Report, hide: (text: string) => string): Report {
  return {
    ...report,
    findings: report.findings.map((finding): Finding => ({
      ...finding,
      summary: hide(finding.summary),
      evidence: finding.evidence.map((each) => ({ ...each, value: hide(each.value) })),
      ...(finding.fix === undefined ? {} : { fix: finding.fix.map(hide) }),
    })),
    notChecked: report.notChecked.map((each) => ({ ...each, message: hide(each.message) })),
  };
}
