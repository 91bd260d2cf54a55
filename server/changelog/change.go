// Package changelog is the one record of everything that was written. Every commit to a workspace appends its
// changes in the same transaction and takes the next revision: 1, 2, 3 … without gaps, in commit order. Whatever is
// live or historical reads it from here.
//
// It promises: a write outside a recorder fails; a revision that a reader has seen never changes; readers get every
// commit once and in order, or an error that says the log no longer reaches back so far. A lost bell costs time,
// never data. Nothing here blocks a writer: commits are handed over after they happened.
package changelog

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/row"
)

// Change is what one commit did to one row.
type Change struct {
	Revision   row.Revision
	Ordinal    int
	Kind       string
	Entity     string
	EntityID   string
	PipelineID *string
	// Before and After are images of the row as stored, without secrets; empty when there was, or is, none.
	Before  row.JSON
	After   row.JSON
	Changed []string
	// BatchID is shared by all changes of one bulk command; nil for any other.
	BatchID *string

	record decoded[row.Record]
	task   decoded[row.Task]
}

// Record decodes the images of a record, once per process.
func (c *Change) Record() (before, after *row.Record) { return c.record.get(c) }

// Task decodes the images of a task, once per process.
func (c *Change) Task() (before, after *row.Task) { return c.task.get(c) }

type decoded[T any] struct {
	once          sync.Once
	before, after *T
}

func (d *decoded[T]) get(c *Change) (*T, *T) {
	d.once.Do(func() { d.before, d.after = Decode[T](c.Before), Decode[T](c.After) })
	return d.before, d.after
}

// Decode reads an image into a row; nil for no image. Images are written by this program only, and an unreadable one
// means the log is damaged: that must not pass unnoticed.
func Decode[T any](image row.JSON) *T {
	if len(image) == 0 {
		return nil
	}
	t := new(T)
	if err := json.Unmarshal(image, t); err != nil {
		panic("changelog: unreadable image: " + err.Error())
	}
	return t
}

// Commit is one revision: everything that was written together.
type Commit struct {
	WorkspaceID      string
	Revision         row.Revision
	At               time.Time
	Actor            row.Actor
	Source           viewer.Source
	ClientMutationID *string
	Changes          []*Change

	memo Memo
}

// Memo gives what a function made of this commit for a key, making it once per process.
func (c *Commit) Memo(key string, make func() any) any { return c.memo.Get(key, make) }

// Memo remembers what was made of a value that never changes. The zero value is ready.
type Memo struct {
	mu     sync.Mutex
	things map[string]*thing
}

type thing struct {
	once sync.Once
	v    any
}

// Get gives the thing of a key, made at the first call; others wait for it.
func (m *Memo) Get(key string, make func() any) any {
	m.mu.Lock()
	t := m.things[key]
	if t == nil {
		if m.things == nil {
			m.things = map[string]*thing{}
		}
		t = &thing{}
		m.things[key] = t
	}
	m.mu.Unlock()
	t.once.Do(func() { t.v = make() })
	return t.v
}
