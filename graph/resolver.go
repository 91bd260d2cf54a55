// Package graph is the API: it translates arguments into questions and commands, and answers and refusals into
// responses. It promises that a request is refused before it costs anything (tokens, structure, validation, cost), that
// no inner error text leaves the house, and that frames asked for alike are executed once and their bytes shared.
package graph

import (
	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/watch"
)

// Resolver holds what resolvers answer from.
type Resolver struct {
	CRM    *crm.Service
	Boards *board.Boards
	Log    *watch.Log
	Read   read.Reader
	// Sessions are the logins of members.
	Sessions *access.Sessions
}
