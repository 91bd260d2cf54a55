package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	netmail "net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/mail"
)

// postOffice is a mail server that keeps what it is given. What refuse, hold and user say is set before it is asked.
type postOffice struct {
	port  int
	roots *x509.CertPool
	// refuse is asked at "mail", "rcpt" and "data" what is wrong; nil means nothing.
	refuse func(step, arg string) error
	// hold is called when a mail is complete, before it is taken.
	hold           func()
	user, password string

	mu     sync.Mutex
	taken  []letter
	secure []bool
	seen   chan string // told of each mail taken, by its Message-ID; it holds more than any test sends
}

// letter is a mail as it arrived.
type letter struct {
	from, to string
	header   netmail.Header
	body     string
}

type security int

const (
	plainOnly security = iota
	startTLS
	implicitTLS
)

func newOffice(t *testing.T, how security) *postOffice {
	t.Helper()
	p := &postOffice{seen: make(chan string, 1000)}
	server := smtp.NewServer(p)
	server.Domain, server.AllowInsecureAuth, server.ErrorLog = "127.0.0.1", how == plainOnly, log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p.port = listener.Addr().(*net.TCPAddr).Port
	if how != plainOnly {
		certificate := p.certify(t)
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
		if how == implicitTLS {
			listener = tls.NewListener(listener, server.TLSConfig)
			server.TLSConfig = nil
		}
	}
	done := make(chan error, 1) // takes the one result of Serve
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		_ = listener.Close() // when nobody came, the server may not know of it yet
		require.NoError(t, <-done)
	})
	return p
}

// certify makes a certificate for 127.0.0.1 and the pool that trusts it.
func (p *postOffice) certify(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	p.roots = x509.NewCertPool()
	p.roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// sender gives what sends to this office.
func (p *postOffice) sender(way string) *mail.SMTP {
	s := mail.Config{From: netmail.Address{Name: "Tideboard", Address: "crm@sender.example"}, Host: "127.0.0.1", Port: p.port, TLS: way}.SMTP()
	if p.roots != nil {
		s.TLSConfig = &tls.Config{RootCAs: p.roots}
	}
	return s
}

func (p *postOffice) letters() []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]letter(nil), p.taken...)
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{office: p, conn: c}, nil
}

// session is one conversation.
type session struct {
	office *postOffice
	conn   *smtp.Conn
	known  bool
	letter letter
}

func (s *session) Reset()        { s.letter = letter{} }
func (s *session) Logout() error { return nil }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.known = user == s.office.user && password == s.office.password
		if !s.known {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *session) ask(step, arg string) error {
	if s.office.user != "" && !s.known {
		return smtp.ErrAuthRequired
	}
	if s.office.refuse == nil {
		return nil
	}
	return s.office.refuse(step, arg)
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.letter.from = from
	return s.ask("mail", from)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.letter.to = to
	return s.ask("rcpt", to)
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.ask("data", s.letter.to); err != nil {
		return err
	}
	if s.office.hold != nil {
		s.office.hold()
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return errors.Join(err, io.ErrUnexpectedEOF)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	s.letter.header, s.letter.body = m.Header, string(body)
	_, secure := s.conn.TLSConnectionState()
	s.office.mu.Lock()
	s.office.taken, s.office.secure = append(s.office.taken, s.letter), append(s.office.secure, secure)
	s.office.mu.Unlock()
	s.office.seen <- m.Header.Get("Message-Id")
	return nil
}

func reply(code int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "said about " + textCanary}
}
