// One node for all of these: to start it takes both cores a quarter of a minute, and most of what they do is to wait.
import "./on-node/failures.ts";
import "./on-node/trainer-crash.ts";
import "./on-node/training.ts";
import "./on-node/trainer-image.ts";
