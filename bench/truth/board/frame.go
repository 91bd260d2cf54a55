package board

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Frame is one step of a board's stream; Type says which of the fields are filled.
type Frame struct {
	Type             string `json:"__typename"`
	Revision         Revision
	Board            *Answer
	Reason           string
	ClientMutationID string
	Cards            []Change
	Columns          []Totals
	Pipeline         *Pipeline
}

// The types of frames.
const (
	TypeSnapshot = "BoardSnapshot"
	TypeReady    = "BoardReady"
	TypeCommit   = "BoardCommit"
	TypeReset    = "BoardReset"
)

// Change is what a commit did to one card.
type Change struct {
	Kind          string
	Reason        string
	RecordID      string
	Record        *Card
	StageID       string
	AfterRecordID string
	ChangedFields []string
}

// ParseFrame reads a frame.
func ParseFrame(raw json.RawMessage) (*Frame, error) {
	f := new(Frame)
	if err := json.Unmarshal(raw, f); err != nil {
		return nil, fmt.Errorf("frame: %w: %.300s", err, raw)
	}
	switch f.Type {
	case TypeSnapshot:
		if f.Board == nil {
			return nil, fmt.Errorf("a snapshot without a board")
		}
		if f.Board.Revision != f.Revision {
			return nil, fmt.Errorf("a snapshot of revision %s holds a board of revision %s", f.Revision, f.Board.Revision)
		}
	case TypeReady, TypeCommit, TypeReset:
	default:
		return nil, fmt.Errorf("a frame of unknown type %q", f.Type)
	}
	return f, nil
}

// Empty tells whether a commit says nothing at all.
func (f *Frame) Empty() bool { return len(f.Cards) == 0 && len(f.Columns) == 0 && f.Pipeline == nil }

// String is the frame on one line per card, for accounts of what went wrong.
func (f *Frame) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", f.Type, f.Revision)
	if f.Reason != "" {
		fmt.Fprintf(&b, " %s", f.Reason)
	}
	if f.ClientMutationID != "" {
		fmt.Fprintf(&b, " by %s", f.ClientMutationID)
	}
	for _, c := range f.Cards {
		fmt.Fprintf(&b, "\n  %s %s", c.Kind, c.RecordID)
		if c.Reason != "" {
			fmt.Fprintf(&b, " (%s)", c.Reason)
		}
		if c.Record != nil {
			after := "on top"
			if c.AfterRecordID != "" {
				after = "below " + c.AfterRecordID
			}
			fmt.Fprintf(&b, " in %s %s, changed %v", c.StageID, after, c.ChangedFields)
		}
	}
	for _, t := range f.Columns {
		fmt.Fprintf(&b, "\n  totals of %s: %d cards", t.StageID, t.Count)
	}
	if f.Pipeline != nil {
		fmt.Fprintf(&b, "\n  pipeline %q with %d stages", f.Pipeline.Name, len(f.Pipeline.Stages))
	}
	return b.String()
}
