import { Home } from "../../hack/cluster/home.ts";

// A process that holds a home with one process below argv[2], says where, and waits to be killed. A file tells that its deeds were undone.
const home = await Home.make(new Date(), process.argv[2]);
home.undoBy(`touch '${home.file("..", "undone")}'`);
await home.launch("etcd", "tail", ["-f", home.file("deed.json")]);
process.stdout.write(`${home.directory}\n`);
