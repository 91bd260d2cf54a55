// Package board holds a board the way a client holds it: columns of cards, their totals and the pipeline. It applies
// commits exactly as the description of BoardCommit in schema/board.graphql says and tells two boards apart. It is pure:
// no clock, no network, and nothing of the server's code.
package board
