package partner

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/rapidbott/tideboard/server/fault"
)

// Subscriber is a person who talks to a workspace's chatbot. Texts but ID may be empty; phones and e-mail addresses are
// as the partner has them, not checked. UserNS is the person's namespace at the partner, at most 128 bytes.
type Subscriber struct {
	ID, UserNS, FirstName, LastName string
	Phones, Emails                  []string
	// Channel is the partner's own word ("whatsapp", "web" …). ChatURL is the conversation at the partner, an http or
	// https address. Language is a BCP 47 tag, not looked up; Country an ISO 3166 alpha-2 code in capitals.
	Channel, ChatURL, Language, Country string
	Tags                                []string
	// Attributes are the workspace's own fields, by name, as text.
	Attributes map[string]string
	// OptedOut says that this person must not be written to.
	OptedOut  bool
	UpdatedAt time.Time
}

// SubscriberQuery says which subscribers. Key is the workspace's key. Since leaves out those unchanged from before it;
// nil takes all. Cursor is the NextCursor of the page before, empty for the first; the other fields must then be the
// same. Limit is 1 to 200 (0 = 100).
type SubscriberQuery struct {
	Key    string
	Since  *time.Time
	Cursor string
	Limit  int
}

// SubscriberPage is one page; NextCursor is empty on the last one.
type SubscriberPage struct {
	Items      []Subscriber
	NextCursor string
}

// Bounds of a subscriber's lists.
const (
	maxReach      = 20
	maxTags       = 200
	maxAttributes = 200
	maxUserNS     = 128
)

type subscriberAnswer struct {
	ID         string            `json:"id"`
	UserNS     string            `json:"user_ns"`
	FirstName  string            `json:"first_name"`
	LastName   string            `json:"last_name"`
	Phones     []string          `json:"phones"`
	Emails     []string          `json:"emails"`
	Channel    string            `json:"channel"`
	ChatURL    string            `json:"chat_url"`
	Language   string            `json:"language"`
	Country    string            `json:"country"`
	Tags       []string          `json:"tags"`
	Attributes map[string]string `json:"attributes"`
	OptedOut   *bool             `json:"opted_out"`
	UpdatedAt  *time.Time        `json:"updated_at"`
}

type subscribersAnswer struct {
	WorkspaceID *string                 `json:"workspace_id"`
	Items       items[subscriberAnswer] `json:"items"`
	NextCursor  string                  `json:"next_cursor"`
}

// check refuses a cursor that leads nowhere, so that whoever follows the pages comes to an end.
func (a *subscribersAnswer) check(asked string, q SubscriberQuery, p *proof) *SubscriberPage {
	p.same("workspace_id", a.WorkspaceID, asked)
	p.given("items", a.Items != nil)
	if len(a.Items) > q.Limit {
		p.fail("items", "are more than asked for")
	}
	p.bound("next_cursor", a.NextCursor, maxCursor)
	if a.NextCursor != "" && (a.NextCursor == q.Cursor || len(a.Items) == 0) {
		p.fail("next_cursor", "leads nowhere")
	}
	out := &SubscriberPage{Items: make([]Subscriber, 0, len(a.Items)), NextCursor: a.NextCursor}
	for _, s := range a.Items {
		if s.check(p); p.err != nil {
			return nil
		}
		if q.Since != nil && s.UpdatedAt.Before(q.Since.UTC().Truncate(time.Microsecond)) {
			p.fail("items.updated_at", "is before what was asked for")
		}
		out.Items = append(out.Items, Subscriber{ID: s.ID, UserNS: s.UserNS, FirstName: s.FirstName, LastName: s.LastName, Phones: s.Phones,
			Emails: s.Emails, Channel: s.Channel, ChatURL: webAddress(s.ChatURL), Language: s.Language, Country: s.Country, Tags: s.Tags, Attributes: s.Attributes, OptedOut: *s.OptedOut, UpdatedAt: s.UpdatedAt.UTC()})
	}
	return out
}

func (s *subscriberAnswer) check(p *proof) {
	p.id("items.id", s.ID)
	p.bound("items.user_ns", s.UserNS, maxUserNS)
	p.bound("items.first_name", s.FirstName, maxName)
	p.bound("items.last_name", s.LastName, maxName)
	p.texts("items.phones", s.Phones, maxReach, maxWord)
	p.texts("items.emails", s.Emails, maxReach, maxEmail)
	p.bound("items.channel", s.Channel, maxWord)
	p.bound("items.chat_url", s.ChatURL, maxURL)
	p.bound("items.language", s.Language, maxWord)
	p.capitals("items.country", s.Country, 2)
	p.texts("items.tags", s.Tags, maxTags, maxName)
	if len(s.Attributes) > maxAttributes {
		p.fail("items.attributes", "has too many entries")
	}
	for k, v := range s.Attributes {
		p.bound("items.attributes", k, maxName)
		p.bound("items.attributes", v, maxText)
	}
	p.given("items.opted_out", s.OptedOut != nil)
	p.given("items.updated_at", s.UpdatedAt != nil)
}

// Subscribers implements API.
func (c *Client) Subscribers(ctx context.Context, workspaceID string, q SubscriberQuery) (*SubscriberPage, error) {
	if !canBeID(workspaceID) {
		return nil, ErrNotFound
	}
	if !canBeKey(q.Key) {
		return nil, ErrKeyRefused
	}
	if q.Limit == 0 {
		q.Limit = 100
	}
	var bad fault.Problems
	if q.Limit < 1 || q.Limit > maxPage {
		bad.Add("limit", "must be 1 to %d", maxPage)
	}
	if len(q.Cursor) > maxCursor {
		bad.Add("cursor", "must have at most %d bytes", maxCursor)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	query := url.Values{"limit": {strconv.Itoa(q.Limit)}}
	if q.Since != nil {
		query.Set("since", q.Since.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano))
	}
	if q.Cursor != "" {
		query.Set("cursor", q.Cursor)
	}
	return ask(ctx, c, request{method: http.MethodGet, path: workspacePath(workspaceID) + "/subscribers", query: query, workspace: workspaceID, key: q.Key, safe: true},
		func(a *subscribersAnswer, p *proof) *SubscriberPage { return a.check(workspaceID, q, p) })
}
