package load

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// answerTime bounds the wait for one answer.
const answerTime = 30 * time.Second

// conn is one keep-alive connection.
type conn struct {
	host string
	net  net.Conn
	in   *bufio.Reader
	out  []byte
	body bytes.Buffer
}

func dial(ctx context.Context, addr string) (*conn, error) {
	n, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &conn{host: addr, net: n, in: bufio.NewReaderSize(n, 64<<10)}, nil
}

// post sends a body and gives the answer's, which is good until the next call. An answer that is not 200, or that
// tells of GraphQL errors, is an error.
func (c *conn) post(path, token string, body []byte) ([]byte, error) {
	c.out = request(c.out, c.host, path, token, body)
	if err := c.net.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return nil, err
	}
	if _, err := c.net.Write(c.out); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, err
	}
	c.body.Reset()
	_, err = io.Copy(&c.body, resp.Body)
	if e := resp.Body.Close(); err == nil {
		err = e
	}
	if err != nil {
		return nil, err
	}
	got := c.body.Bytes()
	if resp.StatusCode != http.StatusOK || refused(got) {
		return nil, fmt.Errorf("POST %s: %s: %.500s", path, resp.Status, got)
	}
	return got, nil
}

// refused tells whether a GraphQL answer has errors, which stand before the data, or no data at all.
func refused(body []byte) bool {
	const near = 4 << 10
	head := body[:min(len(body), near)]
	return bytes.Contains(head, []byte(`"errors":`)) || !bytes.Contains(head, []byte(`"data"`))
}
