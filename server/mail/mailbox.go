package mail

import (
	"context"
	"time"

	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/store"
)

// Mailbox is the sender of a development server: it sends nothing, and its page shows what would have been sent. What a
// mail said stays in its row then, sealed, as long as the row does.
type Mailbox struct {
	DB  *store.DB
	Box *seal.Box
	// Path is where the page is served. Empty means /dev/mailbox.
	Path string
}

// shown is how many mails the page lists.
const shown = 200

// Name is "mailbox".
func (m *Mailbox) Name() string { return "mailbox" }

// Send takes every mail.
func (m *Mailbox) Send(ctx context.Context, _ *Envelope) error { return ctx.Err() }

// Kept is a mail in the development mailbox.
type Kept struct {
	ID      string    `json:"id"`
	Tenant  string    `json:"tenant"`
	Kind    string    `json:"kind"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html"`
	At      time.Time `json:"at"`
}

// List gives the newest 200 mails, the newest first. What was sealed with another key is left out.
func (m *Mailbox) List(ctx context.Context) ([]Kept, error) {
	return m.read(ctx, `ORDER BY sent_at DESC, id DESC LIMIT `+m.DB.SQL.Placeholder(1), shown)
}

// Find gives one mail; nil when there is none.
func (m *Mailbox) Find(ctx context.Context, id string) (*Kept, error) {
	list, err := m.read(ctx, `AND id = `+m.DB.SQL.Placeholder(1), id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func (m *Mailbox) read(ctx context.Context, rest string, arg any) ([]Kept, error) {
	rows, err := m.DB.Query(ctx, `SELECT id, tenant, kind, recipient, sealed, sent_at FROM mails
		WHERE state = '`+StateSent+`' AND length(sealed) > 0 `+rest, arg)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []Kept{}
	for rows.Next() {
		var k Kept
		var sealed []byte
		if err := rows.Scan(&k.ID, &k.Tenant, &k.Kind, &k.To, &sealed, &k.At); err != nil {
			return nil, err
		}
		if c, err := openContent(m.Box, k.ID, sealed); err == nil {
			k.Subject, k.Text, k.HTML = c.Subject, c.Text, c.HTML
			list = append(list, k)
		}
	}
	return list, rows.Err()
}
