{{/* The sidecar's container, wherever it stands. */}}
{{- define "retrain.sidecarContainer" -}}
{{- $part := dict "root" . "values" .Values.sidecar "command" (list "node" "/app/operator/sidecar/main.ts") -}}
- name: sidecar
  {{- include "retrain.container" $part | nindent 2 }}
  env:
    {{- include "retrain.commonEnv" $part | trim | nindent 4 }}
    - name: PORT
      value: "8080"
    - name: METRICS_PORT
      value: "9090"
    - name: METRICS_ACCESS
      value: {{ .Values.sidecar.metricsAccess }}
    - name: API_AUDIENCE
      value: {{ .Values.sidecar.audience | quote }}
    - name: RATE_PER_MINUTE
      value: {{ .Values.sidecar.ratePerMinute | toJson | quote }}
    {{- if .Values.sidecar.staticToken.secretName }}
    - name: STATIC_TOKEN_FILE
      value: /etc/retrain-token/token
    {{- end }}
    {{- if .Values.sidecar.mountModels }}
    - name: MODELS_DIR
      value: /models
    {{- end }}
  ports:
    - name: api
      containerPort: 8080
    - name: api-metrics
      containerPort: 9090
  {{- include "retrain.probes" "api" | nindent 2 }}
  volumeMounts:
    {{- include "retrain.commonMounts" $part | nindent 4 }}
    {{- if .Values.sidecar.staticToken.secretName }}
    - name: static-token
      mountPath: /etc/retrain-token
      readOnly: true
    {{- end }}
    {{- if .Values.sidecar.mountModels }}
    - name: models
      mountPath: /models
      readOnly: true
    {{- end }}
{{- end -}}

{{- define "retrain.sidecarVolumes" -}}
{{- with .Values.sidecar.staticToken }}
{{- if .secretName }}
- name: static-token
  secret:
    secretName: {{ .secretName | quote }}
    items:
      - key: {{ .key | quote }}
        path: token
{{- end }}
{{- end }}
{{- if .Values.sidecar.mountModels }}
{{- if not (or .Values.storage.existingClaim (has "ReadWriteMany" .Values.storage.accessModes)) }}
{{- fail (printf "sidecar.mountModels is true and storage.accessModes is %s; expected ReadWriteMany" (toJson .Values.storage.accessModes)) }}
{{- end }}
- name: models
  persistentVolumeClaim:
    claimName: {{ include "retrain.claim" . | quote }}
    readOnly: true
{{- end }}
{{- end -}}
