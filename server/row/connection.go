package row

import (
	"context"
	"time"
)

// PageInfo says where a page begins and ends.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Connection is a page of rows.
type Connection[T any] struct {
	Nodes    []T
	PageInfo PageInfo
	// Cursor gives a row's cursor.
	Cursor func(T) string
	// Total counts the whole list; it is asked only when somebody wants to know.
	Total func(context.Context) (int, error)
}

// NewConnection makes a page of rows, of which one more than wanted was read.
func NewConnection[T any](rows []T, first int, resumed bool, cursor func(T) string, total func(context.Context) (int, error)) Connection[T] {
	c := Connection[T]{Nodes: rows, Cursor: cursor, Total: total}
	c.PageInfo.HasPreviousPage = resumed
	if len(rows) > first {
		c.Nodes, c.PageInfo.HasNextPage = rows[:first], true
	}
	if n := len(c.Nodes); n > 0 {
		start, end := cursor(c.Nodes[0]), cursor(c.Nodes[n-1])
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &start, &end
	}
	return c
}

// TotalCount counts the whole list.
func (c Connection[T]) TotalCount(ctx context.Context) (int, error) { return c.Total(ctx) }

// Edge is a row with its cursor.
type Edge[T any] struct {
	Cursor string
	Node   T
}

func edges[T any](c Connection[T]) []Edge[T] {
	out := make([]Edge[T], len(c.Nodes))
	for i, n := range c.Nodes {
		out[i] = Edge[T]{c.Cursor(n), n}
	}
	return out
}

// The pages and edges of each kind of rows, under the names of the API.
type (
	RecordEdge        struct{ Edge[*Record] }
	ContactConnection struct{ Connection[*Contact] }
	ContactEdge       struct{ Edge[*Contact] }
	CompanyConnection struct{ Connection[*Company] }
	CompanyEdge       struct{ Edge[*Company] }
	TaskConnection    struct{ Connection[*Task] }
	TaskEdge          struct{ Edge[*Task] }
	MemberEdge        struct{ Edge[*Member] }

	InvitationConnection struct{ Connection[*Invitation] }
	InvitationEdge       struct{ Edge[*Invitation] }
)

// RecordConnection is a page of records, with the revision it was read at where that was asked for.
type RecordConnection struct {
	Connection[*Record]
	Revision Revision
}

// MemberConnection is a page of members, with how fresh the copy of the partner's list is.
type MemberConnection struct {
	Connection[*Member]
	Revision Revision
	Stale    bool
	SyncedAt *time.Time
}

// Edges pairs the records with their cursors.
func (c RecordConnection) Edges() (out []RecordEdge) {
	for _, e := range edges(c.Connection) {
		out = append(out, RecordEdge{e})
	}
	return out
}

// Edges pairs the contacts with their cursors.
func (c ContactConnection) Edges() (out []ContactEdge) {
	for _, e := range edges(c.Connection) {
		out = append(out, ContactEdge{e})
	}
	return out
}

// Edges pairs the companies with their cursors.
func (c CompanyConnection) Edges() (out []CompanyEdge) {
	for _, e := range edges(c.Connection) {
		out = append(out, CompanyEdge{e})
	}
	return out
}

// Edges pairs the tasks with their cursors.
func (c TaskConnection) Edges() (out []TaskEdge) {
	for _, e := range edges(c.Connection) {
		out = append(out, TaskEdge{e})
	}
	return out
}

// Edges pairs the members with their cursors.
func (c MemberConnection) Edges() (out []MemberEdge) {
	for _, e := range edges(c.Connection) {
		out = append(out, MemberEdge{e})
	}
	return out
}

// Edges pairs the invitations with their cursors.
func (c InvitationConnection) Edges() (out []InvitationEdge) {
	for _, e := range edges(c.Connection) {
		out = append(out, InvitationEdge{e})
	}
	return out
}
