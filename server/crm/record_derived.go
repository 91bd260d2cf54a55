package crm

import (
	"maps"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
)

// derived are the columns that follow from others, by the names of their fields.
var derived = map[string]string{"search_text": "SearchText", "tag_keys": "TagKeys", "title_folded": "TitleFolded", "company_name_folded": "CompanyNameFolded",
	"contact_name_folded": "ContactNameFolded", "lost_reason_folded": "LostReasonFolded", "source_detail_folded": "SourceDetailFolded", "custom_index": "CustomIndex"}

// derive sets what follows from the other fields of a record, of which r is the read model.
func derive(next *ent.Record, r *row.Record) {
	next.SearchText, next.TagKeys, next.TitleFolded = r.SearchText(), row.TagKeys(r.Tags), fold.Text(r.Title)
	next.CompanyNameFolded, next.ContactNameFolded = row.Folded(r.CompanyName), row.Folded(r.ContactName)
	next.LostReasonFolded, next.SourceDetailFolded = row.Folded(r.LostReason), row.Folded(r.SourceDetail)
	next.CustomIndex = row.CustomIndex(r.CustomFields)
}

// follow puts into a write what follows from the fields of a record, as far as the row does not have it already; all of it
// when there is no row yet.
func follow(m *ent.RecordMutation, cur *ent.Record, r *row.Record) {
	none := cur == nil
	if none {
		cur = &ent.Record{}
	}
	want := *cur
	derive(&want, r)
	if none || want.SearchText != cur.SearchText {
		m.SetSearchText(want.SearchText)
	}
	if none || want.TagKeys != cur.TagKeys {
		m.SetTagKeys(want.TagKeys)
	}
	if none || want.TitleFolded != cur.TitleFolded {
		m.SetTitleFolded(want.TitleFolded)
	}
	folded(cur.CompanyNameFolded, want.CompanyNameFolded, m.SetCompanyNameFolded, m.ClearCompanyNameFolded)
	folded(cur.ContactNameFolded, want.ContactNameFolded, m.SetContactNameFolded, m.ClearContactNameFolded)
	folded(cur.LostReasonFolded, want.LostReasonFolded, m.SetLostReasonFolded, m.ClearLostReasonFolded)
	folded(cur.SourceDetailFolded, want.SourceDetailFolded, m.SetSourceDetailFolded, m.ClearSourceDetailFolded)
	switch {
	case maps.Equal(want.CustomIndex, cur.CustomIndex):
	case want.CustomIndex == nil:
		m.ClearCustomIndex()
	default:
		m.SetCustomIndex(want.CustomIndex)
	}
}

// folded sets a folded text, or clears it, where it is another now.
func folded(have, want *string, set func(string), clear func()) {
	switch {
	case want == nil && have != nil:
		clear()
	case want != nil && (have == nil || *have != *want):
		set(*want)
	}
}
