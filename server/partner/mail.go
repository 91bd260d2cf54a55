package partner

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mail is a system mail to one address. Text must be there, HTML may be. With a Key (at most 256 visible ASCII
// characters, one per mail) the partner takes the mail once however often it is handed over; without one it is handed
// over once and a lost answer leaves open whether it was taken.
type Mail struct{ To, Subject, Text, HTML, Key string }

// Bounds of a mail in bytes.
const (
	maxSubject = 400
	maxBody    = 256 << 10
)

// check gives the first thing that is wrong, without saying what is in it.
func (m Mail) check() error {
	line := func(s string, most int) bool {
		return s != "" && len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
	}
	body := func(s string) bool { return len(s) <= maxBody && utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }
	switch {
	case !line(m.To, maxEmail) || !strings.Contains(m.To, "@"):
		return fmt.Errorf("%w: no address of at most %d bytes", ErrMailRefused, maxEmail)
	case !line(m.Subject, maxSubject):
		return fmt.Errorf("%w: no subject of one line and at most %d bytes", ErrMailRefused, maxSubject)
	case m.Text == "" || !body(m.Text) || !body(m.HTML):
		return fmt.Errorf("%w: no text, or one of more than %d bytes", ErrMailRefused, maxBody)
	case m.Key != "" && !canBeKey(m.Key):
		return fmt.Errorf("%w: no key of at most %d visible characters", ErrMailRefused, maxKey)
	}
	return nil
}

type mailRequest struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html,omitempty"`
}

type mailAnswer struct {
	Accepted *bool `json:"accepted"`
}

// SendMail implements API.
func (c *Client) SendMail(ctx context.Context, m Mail) error {
	if err := m.check(); err != nil {
		return err
	}
	_, err := ask(ctx, c, request{method: http.MethodPost, path: "/v1/mails", body: mailRequest{m.To, m.Subject, m.Text, m.HTML}, mail: true,
		once: m.Key, safe: m.Key != ""},
		func(a *mailAnswer, p *proof) struct{} {
			p.given("accepted", a.Accepted != nil && *a.Accepted)
			return struct{}{}
		})
	return err
}
