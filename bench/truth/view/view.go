package view

import (
	"fmt"

	"github.com/rapidbott/tideboard/bench/truth/tables"
	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// View is whose eyes look at which board through which filter.
type View struct {
	Who        wire.Credential
	PipelineID string
	Pipeline   string  // its name at the start, for accounts
	Filter     *Filter // nil: none
}

// Wire is the view as a client sends it.
func (v View) Wire() wire.View {
	out := wire.View{Who: v.Who, PipelineID: v.PipelineID}
	if v.Filter != nil {
		out.Filter = v.Filter.Variables()
	}
	return out
}

// Through is the same board as somebody who sees everything would ask for it, narrowed to what the view's member owns unless
// that sees everything itself.
func (v View) Through(eyes wire.Credential, sees bool) View {
	if !sees {
		own := Filter{OwnerEq: v.Who.MemberID}
		if v.Filter != nil {
			own = Filter{And: []Filter{own, *v.Filter}}
		}
		v.Filter = &own
	}
	v.Who = eyes
	return v
}

// String names the view; equal views have equal names.
func (v View) String() string {
	filter := "no filter"
	if v.Filter != nil {
		filter = "filter " + v.Filter.String()
	}
	return fmt.Sprintf("pipeline %q (%s) as %s, %s", v.Pipeline, v.PipelineID, v.Who.Name, filter)
}

// Shows tells whether a record is on the view's board.
func (v View) Shows(r *tables.Record, defaultCurrency string) bool {
	return r.PipelineID == v.PipelineID &&
		(v.Who.SeesAll || (r.OwnerID != "" && r.OwnerID == v.Who.MemberID)) &&
		(v.Filter == nil || v.Filter.Match(r, defaultCurrency))
}
