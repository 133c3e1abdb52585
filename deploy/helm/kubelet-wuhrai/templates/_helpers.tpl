{{- define "kw.name" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 63 | trimSuffix "-" }}{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{- end -}}
{{- end -}}
{{- define "kw.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
{{- define "kw.labels" -}}
{{ include "kw.selector" . }}
app: kubelet-wuhrai
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}
{{- define "kw.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}{{ default (include "kw.name" .) .Values.serviceAccount.name }}{{- else -}}{{ default "default" .Values.serviceAccount.name }}{{- end -}}
{{- end -}}
{{- define "kw.readsCluster" -}}
{{- if eq .Values.clusterIdentity "own" -}}true{{- end -}}
{{- end -}}
{{/* What is wrong with the values is said before anything is made. */}}
{{- define "kw.check" -}}
{{- $auth := .Values.auth -}}
{{- if not (has $auth.mode (list "token" "oidc" "kubernetes" "none")) -}}
{{- fail (printf "auth.mode is %q; it must be token, oidc, kubernetes or none" $auth.mode) -}}
{{- end -}}
{{- if and (eq $auth.mode "oidc") (or (not $auth.oidc.issuer) (not $auth.oidc.audience)) -}}
{{- fail "auth.mode is oidc: set auth.oidc.issuer and auth.oidc.audience" -}}
{{- end -}}
{{- if and $auth.tokens (ne $auth.mode "token") -}}
{{- fail (printf "auth.tokens goes with auth.mode token, not %s" $auth.mode) -}}
{{- end -}}
{{- if and $auth.tokens (not $auth.tokensSecret) -}}
{{- fail "auth.tokens: name the Secret that holds them in auth.tokensSecret" -}}
{{- end -}}
{{- if and $auth.access (not (has $auth.mode (list "oidc" "kubernetes"))) -}}
{{- fail "auth.access goes with auth.mode oidc or kubernetes; tokens have their own scopes" -}}
{{- end -}}
{{- if not (has .Values.clusterIdentity (list "own" "impersonate" "pass-through")) -}}
{{- fail (printf "clusterIdentity is %q; it must be own, impersonate or pass-through" .Values.clusterIdentity) -}}
{{- end -}}
{{- if and (eq .Values.clusterIdentity "impersonate") (not (or $auth.tokens (has $auth.mode (list "oidc" "kubernetes")))) -}}
{{- fail "clusterIdentity is impersonate: users must be known, by auth.tokens, or auth.mode oidc or kubernetes" -}}
{{- end -}}
{{- if and (eq .Values.clusterIdentity "pass-through") (not (has $auth.mode (list "oidc" "kubernetes"))) -}}
{{- fail "clusterIdentity is pass-through: it passes the users' own tokens on, so auth.mode must be oidc or kubernetes" -}}
{{- end -}}
{{- end -}}
{{/* The configuration file, as a map. */}}
{{- define "kw.config" -}}
{{- $auth := .Values.auth -}}
{{- $config := dict -}}
{{- if ne $auth.mode "token" }}{{ $_ := set $config "auth" $auth.mode }}{{ end -}}
{{- if $auth.tokens -}}
{{- $tokens := list -}}
{{- range $auth.tokens -}}
{{- $token := dict "name" .name "token-file" (printf "/run/secrets/kubelet-wuhrai/%s" (default .name .key)) -}}
{{- with .scopes }}{{ $_ := set $token "scopes" . }}{{ end -}}
{{- with .groups }}{{ $_ := set $token "groups" . }}{{ end -}}
{{- $tokens = append $tokens $token -}}
{{- end -}}
{{- $_ := set $config "auth-tokens" $tokens -}}
{{- end -}}
{{- with $auth.access }}{{ $_ := set $config "access" . }}{{ end -}}
{{- if eq $auth.mode "oidc" -}}
{{- range $key, $name := dict "oidc-issuer" "issuer" "oidc-audience" "audience" "oidc-username-claim" "usernameClaim" "oidc-username-prefix" "usernamePrefix" "oidc-groups-claim" "groupsClaim" "oidc-groups-prefix" "groupsPrefix" -}}
{{- with index $auth.oidc $name }}{{ $_ := set $config $key . }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if eq $auth.mode "kubernetes" -}}
{{- with $auth.tokenReview.audience }}{{ $_ := set $config "token-review-audience" . }}{{ end -}}
{{- end -}}
{{- if $auth.loopbackAuth }}{{ $_ := set $config "loopback-auth" true }}{{ end -}}
{{- with $auth.allowedHosts }}{{ $_ := set $config "allowed-host" . }}{{ end -}}
{{- with $auth.corsOrigins }}{{ $_ := set $config "cors-origin" . }}{{ end -}}
{{- with $auth.trustedProxies }}{{ $_ := set $config "trusted-proxy" . }}{{ end -}}
{{- if ne .Values.clusterIdentity "own" }}{{ $_ := set $config "cluster-identity" .Values.clusterIdentity }}{{ end -}}
{{- with .Values.audit.log }}{{ $_ := set $config "audit-log" . }}{{ end -}}
{{- with .Values.accessLog }}{{ $_ := set $config "access-log" . }}{{ end -}}
{{- $limits := .Values.limits -}}
{{- range $key, $name := dict "daily-tokens" "dailyTokens" "max-concurrent-runs" "maxConcurrentRuns" "max-runs-per-user" "maxRunsPerUser" "max-tool-processes" "maxToolProcesses" -}}
{{- with index $limits $name }}{{ $_ := set $config $key (int64 .) }}{{ end -}}
{{- end -}}
{{- with $limits.dailyCost }}{{ $_ := set $config "daily-cost" . }}{{ end -}}
{{- with $limits.allowedModels }}{{ $_ := set $config "allowed-models" . }}{{ end -}}
{{- with $limits.retention }}{{ $_ := set $config "retention" . }}{{ end -}}
{{- toYaml (mergeOverwrite $config (deepCopy .Values.config)) -}}
{{- end -}}
{{- define "kw.secret" -}}
{{ default (printf "%s-secrets" (include "kw.name" .)) .Values.secrets.existing }}
{{- end -}}
