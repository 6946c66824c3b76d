import { startNode } from "../support/node.ts";

// A process that holds a node with a running Pod, says where, and waits to be killed.
const node = await startNode([]);
await node.kubectl(["run", "pause", "--image=localhost/pause:1", "--image-pull-policy=Never"]);
await node.kubectl(["wait", "--for=condition=Ready", "pod/pause", "--timeout=60s"]);
process.stdout.write(`${JSON.stringify({ directory: node.directory, url: node.url })}\n`);
