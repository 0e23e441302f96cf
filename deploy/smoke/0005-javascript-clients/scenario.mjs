// The unmodified JavaScript clients, REST and gRPC: everything that they offer.
//
// Usage: node scenario.mjs REST_PORT GRPC_PORT. Ends with exit code 0 when every answer is as it should be. A function
// that no walk calls fails the scenario, so does one that a new version of a client brings.
import {walkGrpc} from './grpc.mjs';
import {walkRest} from './rest.mjs';

const [restPort, grpcPort] = process.argv.slice(2).map(Number);
await walkRest(restPort);
await walkGrpc(grpcPort);
// The gRPC client has no way to close its connection.
process.exit(0);
