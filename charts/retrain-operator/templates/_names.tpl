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

{{/* Labels that selectors match on, and nothing else may change: of a component such as "operator". */}}
{{- define "retrain.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* The operator labels trainers so. */}}
{{- define "retrain.trainerSelector" -}}
app.kubernetes.io/name: retrain-trainer
app.kubernetes.io/managed-by: retrain-operator
{{- end -}}

{{- define "retrain.componentLabels" -}}
{{ include "retrain.labels" .root }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/part-of: retrain-operator
{{- end -}}

{{/* Whose Pods the sidecar's container is in. */}}
{{- define "retrain.sidecarComponent" -}}
{{- if eq .Values.sidecar.placement "Pod" }}operator{{ else }}sidecar{{ end -}}
{{- end -}}

{{/* "true" when the sidecar has Pods of its own. */}}
{{- define "retrain.sidecarApart" -}}
{{- if and .Values.sidecar.enabled (eq .Values.sidecar.placement "Deployment") }}true{{ end -}}
{{- end -}}

{{- define "retrain.claim" -}}
{{- .Values.storage.existingClaim | default (printf "%s-models" (include "retrain.fullname" .)) -}}
{{- end -}}

{{- define "retrain.demo" -}}
{{- printf "%s-demo" (include "retrain.fullname" .) -}}
{{- end -}}

{{/* At most 52 characters: a CronJob's Jobs have 11 more. */}}
{{- define "retrain.cronJobName" -}}
{{- $name := printf "%s-%s" (include "retrain.fullname" .root) .model -}}
{{- if le (len $name) 52 -}}
{{- $name -}}
{{- else -}}
{{- printf "%s-%s" ($name | trunc 43 | trimSuffix "-") (sha256sum $name | trunc 8) -}}
{{- end -}}
{{- end -}}

{{/* A digest says what runs; a tag only what it was called. */}}
{{- define "retrain.image" -}}
{{- if .image.digest -}}
{{- printf "%s@%s" .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s:%s" .image.repository (.image.tag | default .root.Chart.AppVersion) -}}
{{- end -}}
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

{{/* All containers of a Pod have the same one. */}}
{{- define "retrain.sidecarAccount" -}}
{{- if eq .Values.sidecar.placement "Pod" -}}
{{- include "retrain.operatorAccount" . -}}
{{- else -}}
{{- with .Values.sidecar.serviceAccount -}}
{{- if .create -}}
{{- default (printf "%s-sidecar" (include "retrain.fullname" $)) .name -}}
{{- else -}}
{{- required "sidecar.serviceAccount.name is needed when create is false" .name -}}
{{- end -}}
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
