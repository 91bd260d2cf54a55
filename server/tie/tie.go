// Package tie says how a record is tied to other rows beside its columns: contacts that take part, and other records.
// It promises nothing about whether these still exist, or who may see them: that is decided where they are shown.
package tie

import "slices"

// Participant is a further contact of a record, with the part it plays.
type Participant struct {
	ContactID string  `json:"contact_id"`
	Role      *string `json:"role,omitempty"`
}

// The directions of a Link: from the record the link was made on, and to the record it was made to.
const (
	Outgoing = "OUTGOING"
	Incoming = "INCOMING"
)

// Link ties a record to another. Both hold it, each with the other's id and its own direction; there is at most one
// between two records.
type Link struct {
	RecordID  string  `json:"record_id"`
	Label     *string `json:"label,omitempty"`
	Direction string  `json:"direction"`
}

// With gives links with one more, in place of one to the same record. The list given stays as it is.
func With(links []Link, l Link) []Link {
	out := slices.Clone(links)
	for i, have := range out {
		if have.RecordID == l.RecordID {
			out[i] = l
			return out
		}
	}
	return append(out, l)
}

// Without gives links but for that to a record. The list given stays as it is.
func Without(links []Link, recordID string) []Link {
	return slices.DeleteFunc(slices.Clone(links), func(l Link) bool { return l.RecordID == recordID })
}

// Off gives participants but for a contact. The list given stays as it is.
func Off(list []Participant, contactID string) []Participant {
	return slices.DeleteFunc(slices.Clone(list), func(p Participant) bool { return p.ContactID == contactID })
}
