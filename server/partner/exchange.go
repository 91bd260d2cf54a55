package partner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// maxAnswer is the size of the largest answer that is read, unpacked, in bytes.
const maxAnswer = 4 << 20

// request is a question to the partner.
type request struct {
	method, path string
	query        url.Values
	body         any
	// workspace is what is asked about; an answer "not found" must name it.
	workspace string
	// key is the workspace's key, once the idempotency key of a mail; empty sends none.
	key, once string
	// mail says that a refusal is about the mail.
	mail bool
	// safe says that asking twice does no more than asking once.
	safe bool
}

// outcome is what became of one attempt.
type outcome struct {
	err     error
	verdict verdict
	// again says that another attempt may help, after at least that long.
	again bool
	after time.Duration
}

// ask puts a question, up to three times if that is safe and may help, and proves the answer.
func ask[A, T any](ctx context.Context, c *Client, r request, check func(*A, *proof) T) (out T, err error) {
	var body []byte
	if r.body != nil {
		if body, err = json.Marshal(r.body); err != nil {
			return out, fmt.Errorf("partner: %w", err)
		}
	}
	read := func(text []byte) error {
		var a A
		if err := decode(text, &a); err != nil {
			return err
		}
		var p proof
		v := check(&a, &p)
		if p.err == nil {
			out = v
		}
		return p.err
	}
	for n := 0; ; n++ {
		o := c.try(ctx, r, body, read)
		if o.err == nil || !o.again || !r.safe || n == retries {
			return out, o.err
		}
		wait, ok := c.pause(n, o.after)
		if !ok {
			return out, o.err
		}
		if c.sleep(ctx, wait) != nil {
			return out, gaveUp(ctx)
		}
	}
}

// try makes one attempt, if the circuit lets it.
func (c *Client) try(ctx context.Context, r request, body []byte, read func([]byte) error) outcome {
	leave, err := c.circuit.enter()
	if err != nil {
		return outcome{err: unavailable(err)}
	}
	o := outcome{}
	defer func() { leave(o.verdict) }()
	o = c.exchange(ctx, r, body, read)
	return o
}

func (c *Client) exchange(ctx context.Context, r request, body []byte, read func([]byte) error) outcome {
	inner, cancel := context.WithTimeout(ctx, c.attempt)
	defer cancel()
	req, err := c.request(inner, r, body)
	if err != nil {
		return outcome{err: unavailable(errors.New("the question cannot be put"))}
	}
	// The transport itself and no http.Client: it follows no redirect and keeps no cookie.
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		return c.broken(ctx, err)
	}
	defer res.Body.Close()
	if o, final := c.status(res); final {
		return o
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return c.broken(ctx, err)
	}
	if len(text) > maxAnswer {
		return outcome{err: unavailable(fmt.Errorf("the answer has more than %d bytes", maxAnswer)), verdict: well}
	}
	if res.StatusCode >= http.StatusBadRequest {
		return outcome{err: refusal(res.StatusCode, r, text), verdict: well}
	}
	switch err := read(text); {
	case errors.Is(err, errNoJSON):
		return outcome{err: unavailable(err), verdict: ill, again: true}
	case err != nil:
		return outcome{err: unavailable(err), verdict: well}
	}
	return outcome{verdict: well}
}

func (c *Client) request(ctx context.Context, r request, body []byte) (*http.Request, error) {
	address := c.base + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	var content io.Reader
	if body != nil {
		content = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, content)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"Accept": "application/json", "User-Agent": "tideboard", "X-Workspace-Key": r.key, "Idempotency-Key": r.once} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return req, nil
}

// status judges an answer by its status alone, where that is enough.
func (c *Client) status(res *http.Response) (outcome, bool) {
	n := res.StatusCode
	o := outcome{err: unavailable(fmt.Errorf("the answer has status %d", n)), verdict: ill}
	switch {
	case n == http.StatusTooManyRequests || n >= 500:
		o.again, o.after = true, retryAfter(res.Header.Get("Retry-After"), c.now())
		return o, true
	case n == http.StatusOK || n == http.StatusAccepted || n >= 400:
		return outcome{}, false
	}
	return o, true
}

// refusalAnswer is how the contract says no. Whatever else says no with the same status (a proxy, a wrong address) is
// no word of the partner's.
type refusalAnswer struct {
	Error struct {
		Code        string `json:"code"`
		WorkspaceID string `json:"workspace_id"`
	} `json:"error"`
}

func refusal(status int, r request, text []byte) error {
	var a refusalAnswer
	if err := decode(text, &a); err == nil {
		switch code := a.Error.Code; {
		case status == http.StatusNotFound && code == "WORKSPACE_NOT_FOUND" && r.workspace != "" && a.Error.WorkspaceID == r.workspace:
			return ErrNotFound
		case status == http.StatusForbidden && code == "KEY_REFUSED" && r.key != "" && a.Error.WorkspaceID == r.workspace:
			return ErrKeyRefused
		case r.mail && (status == http.StatusUnprocessableEntity && code == "MAIL_REFUSED" || status == http.StatusConflict && code == "MAIL_KEY_REUSED"):
			return ErrMailRefused
		}
	}
	if status == http.StatusUnauthorized {
		return unavailable(errors.New("the deployment's token is refused"))
	}
	return unavailable(fmt.Errorf("the answer has status %d and is no refusal of the contract", status))
}
