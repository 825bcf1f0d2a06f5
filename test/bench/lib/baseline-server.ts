/** The yardstick: a bare Node HTTP server that answers a fixed JSON body. Prints its port. */
import { createServer } from "node:http";

const body = Buffer.from('{"ok":true}');
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) process.send?.({ port: address.port });
});
process.on("disconnect", () => process.exit(0));
