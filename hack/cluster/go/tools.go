//go:build tools

// Keeps the programs built from this module, beside ./kube, in go.mod.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "helm.sh/helm/v3/cmd/helm"
)
