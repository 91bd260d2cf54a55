package demo

import (
	"context"
	"fmt"

	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/row"
)

// chats are the channels through which the chatbot makes records.
var chats = []string{"WHATSAPP_CLOUD", "WHATSAPP_CLOUD", "WHATSAPP_LITE", "FB_MESSENGER", "INSTAGRAM", "TELEGRAM", "TIKTOK"}

// introduce adds the contacts.
func (p *plan) introduce() {
	for _, s := range p.contacts {
		p.add(s.pos, s.by, aContact, func(ctx context.Context, l *loader) (row.Revision, error) {
			made, err := l.crm.CreateContact(ctx, crm.CreateContactInput{FirstName: &s.first, LastName: &s.last, Emails: s.emails,
				Phones: s.phones, JobTitle: s.job, CompanyName: text(s.company), Description: s.description, OwnerID: l.id(s.owner),
				ExternalID: s.externalID})
			if err != nil {
				return 0, err
			}
			l.contacts = append(l.contacts, made.Contact.ID)
			return made.Revision, nil
		})
	}
}

// live adds what happens to the records: their making, moves, assignments and edits. All makings come before the rest,
// so that records of one instant keep their order.
func (p *plan) live() {
	for _, c := range p.records {
		p.begin(c)
	}
	for _, c := range p.records {
		p.follow(c)
	}
}

// begin adds the making of a record.
func (p *plan) begin(c *card) {
	b, by := boardPlans[c.pipeline], c.by
	in := crm.CreateRecordInput{Title: c.title, Priority: c.priority, ExpectedCloseDate: text(p.due(c))}
	if c.currency != "" {
		in.Value = &crm.MoneyInput{Amount: p.amount(c.low, c.high, c.currency), Currency: &c.currency}
	}
	if p.chance(34) {
		in.Description = text(pick(p.dice, notesOf(c.pipeline)))
	}
	for range p.low(0, 4) {
		in.Tags = append(in.Tags, pick(p.dice, b.tags))
	}
	if p.chance(55) {
		in.SourceDetail = text(pick(p.dice, b.details))
	}
	channel := pick(p.dice, []string{"", "", "EMAIL", "EMAIL", "PHONE", "WEB", "LINKEDIN", "SMS", "OTHER"})
	if by == chatbot {
		channel = pick(p.dice, chats)
		n := p.between(100000, 999999)
		in.ChatURL, in.UserNs = text(fmt.Sprintf("https://chat.example.com/inbox/%d", n)), text(fmt.Sprintf("f7301u%d", n))
	}
	in.Channel = text(channel)
	if c.person == nil {
		in.ContactName, in.ContactEmail = text("Walk-in "+pick(p.dice, cities)), text(fmt.Sprintf("visitor%d@example.net", c.number))
	} else {
		in.CompanyName = text(c.person.company)
	}
	if by == importer {
		in.ExternalID = text(fmt.Sprintf("old-crm-%d", 7000+c.number))
	}
	if p.chance(10) {
		bottom := "BOTTOM"
		in.Place = &crm.PlaceInput{ToEnd: &bottom}
	}
	p.add(c.pos, by, aRecord, func(ctx context.Context, l *loader) (row.Revision, error) {
		in := in
		in.StageID, in.OwnerID = &l.stages[c.pipeline][c.path[0]], l.id(c.first)
		if c.contact >= 0 {
			in.ContactID = &l.contacts[c.contact]
		}
		made, err := l.crm.CreateRecord(ctx, in)
		if err != nil {
			return 0, err
		}
		l.records = append(l.records, made.Record.ID)
		return made.Revision, nil
	})
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
