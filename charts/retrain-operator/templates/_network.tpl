{{/* Rules of egress. Peers that are none are anywhere. */}}
{{- define "retrain.toDns" -}}
- ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
  {{- with .Values.networkPolicies.dns.peers }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "retrain.toApiServer" -}}
- ports:
    {{- range .Values.networkPolicies.apiServer.ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
  {{- with .Values.networkPolicies.apiServer.peers }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "retrain.toDatabase" -}}
{{- if .Values.demo.enabled -}}
- ports:
    - { protocol: TCP, port: 5432 }
  to:
    - podSelector:
        matchLabels: {{- include "retrain.selector" (dict "root" . "component" "demo") | nindent 10 }}
{{- else -}}
- ports:
    - { protocol: TCP, port: {{ .Values.database.port }} }
  {{- with .Values.database.peers }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Who reads metrics, and the Pod of `helm test`. */}}
{{- define "retrain.fromReaders" -}}
- ports:
    - { protocol: TCP, port: {{ .port }} }
  from:
    {{- with .root.Values.networkPolicies.metrics.from }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    - podSelector:
        matchLabels: {{- include "retrain.selector" (dict "root" .root "component" "test") | nindent 10 }}
{{- end -}}
