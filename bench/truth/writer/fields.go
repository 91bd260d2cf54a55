package writer

import (
	"github.com/rapidbott/tideboard/bench/truth/ledger"
)

// fields draws what a create or an update sets, for the ledger and as input. A create always has a title.
func (w *Writer) fields(create bool) (ledger.Fields, map[string]any) {
	var f ledger.Fields
	input := map[string]any{}
	chance := func(oneIn int) bool { return w.random.IntN(oneIn) == 0 }
	if create || chance(3) {
		t := title(w.random, w.serial)
		f.Title, input["title"] = &t, t
	}
	if chance(2) {
		amount, kept := value(w.random, w.Currency, create)
		f.Value = &kept
		input["value"] = amount
		if amount == nil {
			input["value"] = nil
		}
	}
	if chance(3) {
		p := pick(w.random, Priorities)
		f.Priority, input["priority"] = &p, p
	}
	if create && !chance(4) || chance(10) && w.may("CAN_ASSIGN_OTHERS") {
		owner := w.owner()
		f.OwnerID, input["ownerId"] = &owner, nullable(owner)
	}
	switch n := w.random.IntN(5); {
	case n == 0 || create && n < 3:
		f.Tags = tags(w.random)
		input["tags"] = f.Tags
	case create:
	case n == 1:
		f.AddTags = tags(w.random)
		input["addTags"] = f.AddTags
	case n == 2:
		f.RemoveTags = tags(w.random)
		input["removeTags"] = f.RemoveTags
	}
	if len(input) == 0 {
		p := pick(w.random, Priorities)
		f.Priority, input["priority"] = &p, p
	}
	return f, input
}

// owner draws a member, or nobody.
func (w *Writer) owner() string {
	if w.random.IntN(6) == 0 {
		return ""
	}
	return pick(w.random, w.Members)
}

// expect sometimes adds what the writer believes of the card; then CONFLICT is a legal answer too.
func (w *Writer) expect(input map[string]any, stage string, version int, legal []string) []string {
	expect := map[string]any{}
	if w.random.IntN(4) == 0 {
		expect["stageId"] = stage
	}
	if version > 0 && w.random.IntN(6) == 0 {
		expect["version"] = version
	}
	if len(expect) == 0 {
		return legal
	}
	input["expect"] = expect
	return append([]string{"CONFLICT"}, legal...)
}

// loseWithReason gives a reason where one may be required.
func (w *Writer) loseWithReason(stage ledger.Stage, input map[string]any) {
	if stage.Kind == "LOST" {
		input["lostReason"] = "no budget"
	}
}

// seen notes where a card is by an answer.
func (w *Writer) seen(r *result) {
	if r != nil && r.Record != nil {
		w.Directory.Put(r.Record.ID, r.Record.StageID, r.Record.Version)
	}
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
