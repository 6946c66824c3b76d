{{/* The one document that operator, sidecar and create-run read. */}}
{{- define "retrain.configuration" -}}
{{- $models := dict -}}
{{- range .Values.models -}}
{{- if hasKey $models .name -}}
{{- fail (printf "models: %s stands there twice; expected each name once" .name) -}}
{{- end -}}
{{- $_ := set $models .name (omit . "name") -}}
{{- end -}}
{{- $document := dict "defaults" (include "retrain.defaults" . | fromJson) "models" $models -}}
{{- with first .Values.models -}}
{{- $_ := set $document "model" .name -}}
{{- end -}}
{{- $_ := set $document "allowed" .Values.allowed -}}
{{- $_ := set $document "keepRuns" .Values.keepRuns -}}
{{- $_ := set $document "pod" (include "retrain.trainerPod" . | fromJson) -}}
{{- toYaml $document -}}
{{- end -}}

{{/* The defaults of specs, with what the chart itself knows: the schema keeps those fields out of the values. */}}
{{- define "retrain.defaults" -}}
{{- $defaults := deepCopy .Values.defaults -}}
{{- $source := $defaults.source | default dict -}}
{{- $_ := set $source "secretRef" (include "retrain.databaseSecret" . | fromJson) -}}
{{- $_ := set $defaults "source" $source -}}
{{- $storage := $defaults.storage | default dict -}}
{{- $_ := set $storage "claimName" (include "retrain.claim" .) -}}
{{- $_ := set $storage "subPath" .Values.storage.subPath -}}
{{- $_ := set $defaults "storage" $storage -}}
{{- $job := $defaults.job | default dict -}}
{{- $_ := set $job "image" (include "retrain.image" (dict "root" . "image" .Values.images.trainer)) -}}
{{- $_ := set $defaults "job" $job -}}
{{- toJson $defaults -}}
{{- end -}}

{{/* The key of a Secret that holds the address of the database, as JSON {"name", "key"}. */}}
{{- define "retrain.databaseSecret" -}}
{{- with .Values.database -}}
{{- if not $.Values.demo.enabled -}}
{{- $complaint := "database.secretName is needed: the name of a Secret with the address of the database; or demo.enabled=true to try it out without one" -}}
{{- dict "name" (required $complaint .secretName) "key" .key | toJson -}}
{{- else if .secretName -}}
{{- fail (printf "database.secretName is %s and demo.enabled is true; expected one of the two" .secretName) -}}
{{- else -}}
{{- dict "name" (include "retrain.demo" $) "key" "DATABASE_URL" | toJson -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What is empty is left out: an empty name is none. */}}
{{- define "retrain.trainerPod" -}}
{{- $given := dict "imagePullPolicy" .Values.images.pullPolicy "imagePullSecrets" .Values.images.pullSecrets -}}
{{- $_ := set $given "databaseCaConfigMap" .Values.database.caConfigMap -}}
{{- $_ := set $given "affinity" (include "retrain.trainerAffinity" . | fromJson) -}}
{{- $pod := dict -}}
{{- range $name, $value := merge $given .Values.trainer -}}
{{- if $value -}}
{{- $_ := set $pod $name $value -}}
{{- end -}}
{{- end -}}
{{- /* Null is a word here: the platform chooses. */ -}}
{{- $_ := set $pod "runAsUser" .Values.security.runAsUser -}}
{{- $_ := set $pod "fsGroup" .Values.security.fsGroup -}}
{{- toJson $pod -}}
{{- end -}}

{{/* The scheduler does not by itself keep two Pods of one attached ReadWriteOnce volume together. */}}
{{- define "retrain.trainerAffinity" -}}
{{- $affinity := deepCopy .Values.trainer.affinity -}}
{{- with .Values.storage.readerSelector -}}
{{- $key := "requiredDuringSchedulingIgnoredDuringExecution" -}}
{{- $near := $affinity.podAffinity | default dict -}}
{{- $term := dict "labelSelector" (dict "matchLabels" .) "topologyKey" "kubernetes.io/hostname" -}}
{{- $_ := set $near $key (append (get $near $key | default list) $term) -}}
{{- $_ := set $affinity "podAffinity" $near -}}
{{- end -}}
{{- toJson $affinity -}}
{{- end -}}
