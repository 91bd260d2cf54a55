package crm

import (
	"maps"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
)

// follow puts into a write what follows from the fields of a record, as far as the row does not have it already; all of it
// when there is no row yet.
func follow(m *ent.RecordMutation, cur *ent.Record, r *row.Record) {
	none := cur == nil
	if none {
		cur = &ent.Record{}
	}
	if s := r.SearchText(); none || s != cur.SearchText {
		m.SetSearchText(s)
	}
	if k := row.TagKeys(r.Tags); none || k != cur.TagKeys {
		m.SetTagKeys(k)
	}
	if t := fold.Text(r.Title); none || t != cur.TitleFolded {
		m.SetTitleFolded(t)
	}
	folded(cur.CompanyNameFolded, r.CompanyName, m.SetCompanyNameFolded, m.ClearCompanyNameFolded)
	folded(cur.ContactNameFolded, r.ContactName, m.SetContactNameFolded, m.ClearContactNameFolded)
	folded(cur.LostReasonFolded, r.LostReason, m.SetLostReasonFolded, m.ClearLostReasonFolded)
	folded(cur.SourceDetailFolded, r.SourceDetail, m.SetSourceDetailFolded, m.ClearSourceDetailFolded)
	switch index := row.CustomIndex(r.CustomFields); {
	case maps.Equal(index, cur.CustomIndex):
	case index == nil:
		m.ClearCustomIndex()
	default:
		m.SetCustomIndex(index)
	}
}

// folded sets a folded text, or clears it, where it is another now.
func folded(have, text *string, set func(string), clear func()) {
	switch want := row.Folded(text); {
	case want == nil && have != nil:
		clear()
	case want != nil && (have == nil || *have != *want):
		set(*want)
	}
}
