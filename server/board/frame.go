package board

import (
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
)

// Frame is one step of a board's stream.
type Frame interface {
	IsBoardFrame()
	// Memo remembers what was encoded of this frame, so that watchers who ask the same share the bytes.
	Memo() *changelog.Memo
	revision() row.Revision
}

type shared struct{ memo changelog.Memo }

func (*shared) IsBoardFrame()           {}
func (s *shared) Memo() *changelog.Memo { return &s.memo }

// Snapshot is a whole board.
type Snapshot struct {
	shared
	Revision row.Revision
	Board    *Board
}

// Ready says that from here on commits come as they happen.
type Ready struct {
	shared
	Revision row.Revision
}

// Reset says that what the watcher holds is void; a Snapshot follows.
type Reset struct {
	shared
	Revision row.Revision
	Reason   string
}

// The reasons of a Reset.
const (
	TooOld       = "TOO_OLD"
	SlowConsumer = "SLOW_CONSUMER"
	DataDeleted  = "DATA_DELETED"
	// Clock: the filter depends on the clock, which has gone on.
	Clock = "CLOCK"
)

// Commit is one commit that touched the board, whole.
type Commit struct {
	shared
	Revision         row.Revision
	At               time.Time
	Actor            row.Actor
	Source           viewer.Source
	ClientMutationID *string
	Cards            []*CardChange
	Columns          []*Totals
	Pipeline         *row.Pipeline

	// ended says that the pipeline is gone, and the stream with it.
	ended bool
}

// CardChange is what a commit did to one card, as this watcher sees it.
type CardChange struct {
	Kind          string
	Reason        *string
	RecordID      string
	Record        *row.Record
	StageID       *string
	AfterRecordID *string
	ChangedFields []string
}

// The kinds of CardChange.
const (
	Entered = "ENTERED"
	Moved   = "MOVED"
	Updated = "UPDATED"
	Left    = "LEFT"
)

func (f *Snapshot) revision() row.Revision { return f.Revision }
func (f *Ready) revision() row.Revision    { return f.Revision }
func (f *Reset) revision() row.Revision    { return f.Revision }
func (f *Commit) revision() row.Revision   { return f.Revision }

func commitFrame(c *changelog.Commit) *Commit {
	return &Commit{Revision: c.Revision, At: c.At, Actor: c.Actor, Source: c.Source, ClientMutationID: c.ClientMutationID,
		Cards: []*CardChange{}, Columns: []*Totals{}}
}
