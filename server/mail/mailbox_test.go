package mail_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/mail"
)

// developer is a server whose mails stay in its mailbox.
type developer struct {
	*bench
	url string
}

func develop(t *testing.T, url string) *developer {
	t.Helper()
	b := process(t, url, newClock(), nil)
	box := &mail.Mailbox{DB: b.DB, Box: b.Box}
	b.Sender = box
	server := httptest.NewServer(box.Handler())
	t.Cleanup(server.Close)
	return &developer{b, server.URL}
}

func (d *developer) get(t *testing.T, path, accept, host string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.url+path, nil)
	require.NoError(t, err)
	req.Header.Set("Accept", accept)
	req.Host = host
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(body)
}

const browser = "text/html,application/xhtml+xml,*/*;q=0.8"

func TestTheMailboxListsTheNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		d := develop(t, url)
		_, empty := d.get(t, "/dev/mailbox", "application/json", "")
		require.JSONEq(t, "[]", empty)
		_, page := d.get(t, "/dev/mailbox", browser, "")
		require.Contains(t, page, "No mail yet")

		var ids []string
		for _, to := range []string{"one@receiver.example", "two@receiver.example"} {
			ids = append(ids, d.queue(t, message(to)))
			require.NoError(t, d.Deliver(t.Context(), ids[len(ids)-1]))
			d.clock.Add(time.Second)
		}
		waits := d.queue(t, message("three@receiver.example"))
		foreign := d.queue(t, message("four@receiver.example"))
		_, err := d.DB.Write.ExecContext(t.Context(), "UPDATE mails SET state = 'SENT', sent_at = created_at, sealed = "+d.DB.SQL.Placeholder(1)+
			" WHERE id = "+d.DB.SQL.Placeholder(2), box(t, 8).Seal("mail", foreign, []byte("{}")), foreign)
		require.NoError(t, err)

		for _, path := range []string{"/dev/mailbox", "/dev/mailbox/"} {
			res, body := d.get(t, path, "application/json", "")
			require.Equal(t, "application/json", res.Header.Get("Content-Type"))
			var list []mail.Kept
			require.NoError(t, json.Unmarshal([]byte(body), &list))
			require.Len(t, list, 2)
			require.Equal(t, mail.Kept{ID: ids[1], Tenant: "wsp_test", Kind: "test.mail", To: "two@receiver.example", Subject: subjectCanary,
				Text: "It says " + textCanary, HTML: "<p>" + htmlCanary + "</p>", At: d.clock.Now().Add(-time.Second)}, list[0])
			require.Equal(t, ids[0], list[1].ID)
		}
		_, page = d.get(t, "/dev/mailbox", browser, "")
		require.Less(t, strings.Index(page, `href="/dev/mailbox/`+ids[1]), strings.Index(page, `href="/dev/mailbox/`+ids[0]))
		_, one := d.get(t, "/dev/mailbox/"+ids[0], "application/json", "")
		var kept mail.Kept
		require.NoError(t, json.Unmarshal([]byte(one), &kept))
		require.Equal(t, "one@receiver.example", kept.To)
		for _, none := range []string{waits, foreign, "mai_nothing", "%3Cscript%3E"} {
			res, body := d.get(t, "/dev/mailbox/"+none, browser, "")
			require.Equal(t, http.StatusNotFound, res.StatusCode, none)
			require.NotContains(t, body, "<script")
		}
	})
}

func TestTheMailboxEscapesWhatItShows(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		d := develop(t, url)
		const evil = `"'><script>alert(1)</script>`
		m := mail.Message{Tenant: evil, Kind: "test.mail", To: "o'hara@receiver.example", Subject: evil,
			Text: evil + ` see https://crm.example/i?a=1&b="x" and http://x.example/.` + " javascript:alert(1)", HTML: `<p title="a">` + evil + `</p></iframe><script>alert(2)</script>`}
		id := d.queue(t, m)
		d.pass(t)
		for _, path := range []string{"/dev/mailbox", "/dev/mailbox/" + id} {
			res, page := d.get(t, path, browser, "")
			require.Equal(t, "text/html; charset=utf-8", res.Header.Get("Content-Type"))
			require.NotContains(t, page, "<script")
			require.Contains(t, page, html.EscapeString("<script>"))
			policy := res.Header.Get("Content-Security-Policy")
			require.Contains(t, policy, "default-src 'none'")
			require.Contains(t, policy, "frame-ancestors 'none'")
			require.NotContains(t, policy, "script-src")
			require.Equal(t, "nosniff", res.Header.Get("X-Content-Type-Options"))
			require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
		}
		_, page := d.get(t, "/dev/mailbox/"+id, browser, "")
		_, frame, ok := strings.Cut(page, `<iframe sandbox title="The mail as a page" srcdoc="`)
		require.True(t, ok, "nothing in the frame may run")
		frame, _, _ = strings.Cut(frame, `"`)
		require.Equal(t, m.HTML, html.UnescapeString(frame))
		require.Contains(t, page, `<a href="https://crm.example/i?a=1&amp;b=" rel="noopener noreferrer">`)
		require.Contains(t, page, `<a href="http://x.example/" rel="noopener noreferrer">`)
		require.NotContains(t, page, `href="javascript`)
	})
}

// TestTheMailboxIsForThisMachine: a page of another site whose name leads here is told nothing.
func TestTheMailboxIsForThisMachine(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		d := develop(t, url)
		d.queue(t, message("ada@receiver.example"))
		d.pass(t)
		for host, status := range map[string]int{"localhost:8000": 200, "127.0.0.1": 200, "[::1]:8000": 200, "[::1]": 200, "evil.example:8000": 403,
			"localhost.evil.example": 403, "127.0.0.1.evil.example": 403, "10.0.0.1": 403} {
			res, body := d.get(t, "/dev/mailbox", "application/json", host)
			require.Equal(t, status, res.StatusCode, host)
			require.Equal(t, status == 200, strings.Contains(body, textCanary), host)
		}
		res, err := http.Post(d.url+"/dev/mailbox", "text/plain", nil)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusMethodNotAllowed, res.StatusCode)
	})
}
