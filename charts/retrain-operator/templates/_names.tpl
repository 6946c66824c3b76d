{{- define "retrain.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* For what is not in a namespace. A namespace has no dot in its name, so no two releases share one. */}}
{{- define "retrain.clusterName" -}}
{{- printf "%s.%s" .Release.Namespace (include "retrain.fullname" .) -}}
{{- end -}}

{{- define "retrain.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* Names of the ServiceAccounts. The namespace's default one is nobody's: every Pod there has it. */}}
{{- define "retrain.operatorAccount" -}}
{{- with .Values.operator.serviceAccount -}}
{{- if .create -}}
{{- default (printf "%s" (include "retrain.fullname" $)) .name -}}
{{- else -}}
{{- required "operator.serviceAccount.name is needed when create is false" .name -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "retrain.sidecarAccount" -}}
{{- with .Values.sidecar.serviceAccount -}}
{{- if .create -}}
{{- default (printf "%s-sidecar" (include "retrain.fullname" $)) .name -}}
{{- else -}}
{{- required "sidecar.serviceAccount.name is needed when create is false" .name -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "retrain.createRunAccount" -}}
{{- with .Values.createRun.serviceAccount -}}
{{- if .create -}}
{{- default (printf "%s-create-run" (include "retrain.fullname" $)) .name -}}
{{- else -}}
{{- required "createRun.serviceAccount.name is needed when create is false" .name -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* "true" when the operator works in all namespaces. */}}
{{- define "retrain.everywhere" -}}
{{- if has "*" .Values.operator.watchNamespaces }}true{{ end -}}
{{- end -}}

{{/* The namespaces that the operator works in, as JSON {"names": […]}; empty for all. */}}
{{- define "retrain.watched" -}}
{{- dict "names" (.Values.operator.watchNamespaces | default (list .Release.Namespace) | uniq) | toJson -}}
{{- end -}}
