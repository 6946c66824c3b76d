import { Home } from "../../hack/cluster/home.ts";

// A process that holds a home with one process below argv[2], says where, and waits to be killed.
const home = await Home.make(new Date(), process.argv[2]);
await home.launch("etcd", "tail", ["-f", home.file("deed.json")]);
process.stdout.write(`${home.directory}\n`);
