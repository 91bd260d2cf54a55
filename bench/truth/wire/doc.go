// Package wire speaks to a server as any client would: GraphQL over HTTP POST and over the graphql-transport-ws websocket
// protocol. It tells a broken connection, whose outcome is unknown, from an answer, and a refusal from a fault.
package wire
