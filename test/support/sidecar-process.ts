import type { Access } from "../../hack/cluster/api.ts";
import { startOperator, type OperatorCall, type OperatorProcess } from "./operator-process.ts";

export interface SidecarCall extends Pick<OperatorCall, "configuration" | "env" | "program"> {
  /** The one that it serves. */
  readonly namespace: string;
}

/** A sidecar that runs: `url` is that of its API and its page. With its block it is killed. */
export interface SidecarProcess extends OperatorProcess {
  /** Of its health and metrics. */
  readonly metricsUrl: string;
}

/** Starts the sidecar on this Node as a process of its own, and waits until it serves; `access` is its ServiceAccount's. */
export async function startSidecar(access: Access, call: SidecarCall): Promise<SidecarProcess> {
  const started = "The sidecar has started";
  const sidecar = await startOperator({
    program: "operator/sidecar/main.ts",
    ...call,
    access,
    started,
    env: { METRICS_PORT: "0", ...call.env },
  });
  const { metricsPort } = await sidecar.saw(({ message }) => message === started);
  return { ...sidecar, metricsUrl: `http://127.0.0.1:${String(metricsPort)}` };
}

/** Waits until it has listed the runs: before that it can answer nothing about them. */
export async function whenReady(sidecar: SidecarProcess): Promise<void> {
  await sidecar.saw(({ message }) => message === "The runs have been listed");
  const { status } = await fetch(`${sidecar.url}/readyz`);
  if (status !== 200) throw new Error(`The sidecar is not ready: ${String(status)}`);
}
