{{/* What every Pod of the chart has: as a namespace of the `restricted` Pod Security standard demands it. */}}
{{- define "retrain.podSpec" -}}
serviceAccountName: {{ .account }}
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
  {{- with .root.Values.security.runAsUser }}
  runAsUser: {{ . }}
  runAsGroup: {{ . }}
  {{- end }}
{{- with .root.Values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* On different nodes where that can be. */}}
{{- define "retrain.spread" -}}
topologySpreadConstraints:
{{- with .values.topologySpreadConstraints }}
  {{- toYaml . | nindent 2 }}
{{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "retrain.selector" . | nindent 8 }}
{{- end }}
{{- end -}}

{{/* Processes read the configuration when they start: another one is another Pod. */}}
{{- define "retrain.podMetadata" -}}
labels:
  {{- include "retrain.componentLabels" . | nindent 2 }}
  {{- with .values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  checksum/configuration: {{ include "retrain.configuration" .root | sha256sum }}
  {{- with .values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* A container of the operator's image that runs the command. */}}
{{- define "retrain.container" -}}
image: {{ include "retrain.image" (dict "root" .root "image" .root.Values.images.operator) | quote }}
imagePullPolicy: {{ .root.Values.images.pullPolicy }}
command: {{- toYaml .command | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
terminationMessagePolicy: FallbackToLogsOnError
resources: {{- toYaml .values.resources | nindent 2 }}
{{- end -}}

{{- define "retrain.commonEnv" -}}
{{- range $name, $value := .values.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
- name: CONFIG_FILE
  value: /etc/retrain/configuration.yaml
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: VERSION
  value: {{ .root.Values.images.operator.tag | default .root.Chart.AppVersion | quote }}
{{- with .values.logLevel }}
- name: LOG_LEVEL
  value: {{ . }}
{{- end }}
{{- end -}}

{{- define "retrain.commonMounts" -}}
- name: configuration
  mountPath: /etc/retrain
  readOnly: true
- name: scratch
  mountPath: /tmp
{{- end -}}

{{- define "retrain.commonVolumes" -}}
- name: configuration
  configMap:
    name: {{ include "retrain.fullname" .root }}
- name: scratch
  emptyDir:
    sizeLimit: 64Mi
{{- end -}}

{{- define "retrain.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: {{ . }} }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /healthz, port: {{ . }} }
  periodSeconds: 20
  timeoutSeconds: 5
readinessProbe:
  httpGet: { path: /readyz, port: {{ . }} }
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}
