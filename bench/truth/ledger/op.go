// Package ledger is the writers' own record of what they asked for and what they were told. From it alone, and from the
// order that the change log gives to acknowledged commands, it computes the state the server must be in.
package ledger

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// Kind is what a command does.
type Kind string

// The kinds of commands.
const (
	Create     Kind = "createRecord"
	Update     Kind = "updateRecord"
	Move       Kind = "moveRecord"
	Assign     Kind = "assignRecord"
	Delete     Kind = "deleteRecord"
	DeleteMany Kind = "deleteRecords"
	Contact    Kind = "updateContact"
	Pipeline   Kind = "updatePipeline"

	MoveMany    Kind = "moveRecords"
	UpdateMany  Kind = "updateRecords"
	TagMany     Kind = "tagRecords"
	Restore     Kind = "restoreRecord"
	RestoreMany Kind = "restoreRecords"
	Permit      Kind = "setMemberPermissions"
)

// Kinds are all of them.
var Kinds = []Kind{Create, Update, Move, Assign, Delete, DeleteMany, Contact, Pipeline, MoveMany, UpdateMany, TagMany, Restore, RestoreMany, Permit}

// Outcome is what a writer knows of its command.
type Outcome int

// The outcomes. Unknown is a connection that broke before the answer.
const (
	Unknown Outcome = iota
	Acknowledged
	Refused
)

// Op is a command and what came of it.
type Op struct {
	// Mark is its clientMutationId, unique in the run.
	Mark string
	Kind Kind
	// RecordID is the record it is about; empty for a create until it is answered.
	RecordID string
	// IDs are the records of a bulk command.
	IDs []string
	// Fields are what a create or an update sets.
	Fields Fields
	// Place is where a create or a move puts the card.
	Place Place
	// Lost says that it gave a reason for losing the cards.
	Lost bool
	// Line is the change of a pipeline.
	Line *Line
	// ContactID and ContactName are the contact of an updateContact and the full name it gets.
	ContactID, ContactName string
	// MemberID and Sees are the member of a setMemberPermissions and whether it shall see all records.
	MemberID string
	Sees     bool

	// Began is the newest revision that was acknowledged to anybody when it was sent.
	Began    board.Revision
	Outcome  Outcome
	Revision board.Revision
	Answer   Answer
	// Text tells how it was sent and answered, for accounts.
	Text string
}

// Fields are values of a record; nil leaves one alone.
type Fields struct {
	Title, Value, Priority *string
	OwnerID                *string // "": nobody
	StageID                *string
	Tags                   []string // nil leaves them alone
	AddTags, RemoveTags    []string
}

// Place is a spot on a board. An empty stage is the one the record is in; at most one of the others is given.
type Place struct {
	PipelineID, StageID string
	After, Before       string
	Bottom              bool
}

// Line is a pipeline as it should become: the whole list of stages, and where the cards of those that go move to.
type Line struct {
	PipelineID string
	Name       string // empty leaves it alone
	Stages     []Stage
	Moves      map[string]string
}

// Stage is a stage of a line; a new one has no id.
type Stage struct{ ID, Name, Kind string }

// Answer is what an acknowledged command was answered with.
type Answer struct {
	Record        *Record
	After, Before string
	FellBack      bool
	PlacedBy      string            // of a move of many
	Rows          map[string]string // by id: the code with which a bulk command refused the row, empty when it did not
	Stages        []Stage
	ContactName   string
	Sees          bool
}

// Record is a record as far as the ledger follows it. Value is "USD 1250" in minor units, or empty; tags are folded and
// sorted.
type Record struct {
	ID, PipelineID, StageID string
	Title, Value, Priority  string
	OwnerID                 string
	Tags                    []string
	// Since is the revision at which it was made, deleted or restored last; 0 from before the run.
	Since board.Revision
}

// FoldTags brings tags into the form in which they are compared: lower case, sorted, each once.
func FoldTags(tags []string) []string {
	out := make([]string, 0, len(tags))
	for _, t := range tags {
		out = append(out, strings.ToLower(strings.TrimSpace(t)))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (r Record) diff(want Record) (out []string) {
	compare := func(field, got, want string) {
		if got != want {
			out = append(out, fmt.Sprintf("%s: want %q, got %q", field, want, got))
		}
	}
	compare("pipeline", r.PipelineID, want.PipelineID)
	compare("stage", r.StageID, want.StageID)
	compare("title", r.Title, want.Title)
	compare("value", r.Value, want.Value)
	compare("priority", r.Priority, want.Priority)
	compare("owner", r.OwnerID, want.OwnerID)
	compare("tags", fmt.Sprint(r.Tags), fmt.Sprint(want.Tags))
	return out
}
