package row

// Participant is a further contact of a record, as shown to somebody who sees the contact.
type Participant struct {
	Contact *Contact
	Role    *string
}

// ContactID is whose part it is.
func (p *Participant) ContactID() string { return p.Contact.ID }

// RecordLink is a link of a record to another, as shown to somebody who sees the other.
type RecordLink struct {
	Record    *Record
	Label     *string
	Direction string
}

// RecordID is the other record.
func (l *RecordLink) RecordID() string { return l.Record.ID }
