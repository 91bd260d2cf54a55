package rest

import (
	"net/http"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
)

// maxToken is how long a link's token can be, in bytes.
const maxToken = 200

// invitation tells what a link is for, to whoever has it. It is a POST so that the token stands in no address.
func (a *API) invitation(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		Token string `json:"token"`
	}
	err := decode(w, r, &in)
	if err == nil {
		err = checkToken(in.Token)
	}
	if err != nil {
		return nil, err
	}
	return a.Logins.FindInvited(r.Context(), in.Token)
}

// requestAcceptance mails a code to the invited address. Names may come along, to be checked before the mail is sent.
func (a *API) requestAcceptance(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		Token     string  `json:"token"`
		FirstName *string `json:"first_name"`
		LastName  string  `json:"last_name"`
	}
	err := decode(w, r, &in)
	if err == nil {
		err = checkToken(in.Token)
	}
	if err == nil && in.FirstName != nil {
		err = crm.CheckNames(*in.FirstName, in.LastName)
	}
	if err != nil {
		return nil, err
	}
	return a.Logins.RequestAcceptance(r.Context(), in.Token)
}

// accept makes the invited person a member and logs it in; the answer is that of a login.
func (a *API) accept(w http.ResponseWriter, r *http.Request) (any, error) {
	var in struct {
		Token     string `json:"token"`
		Code      string `json:"code"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		Cookie    bool   `json:"cookie"`
	}
	err := decode(w, r, &in)
	if err == nil {
		err = checkToken(in.Token)
	}
	if err == nil {
		err = mayCookie(r, in.Cookie)
	}
	if err != nil {
		return nil, err
	}
	entered, err := a.Logins.AcceptInvitation(r.Context(), access.Acceptance{Token: in.Token, Code: in.Code, FirstName: in.FirstName,
		LastName: in.LastName, UserAgent: r.UserAgent()})
	return a.entered(w, r, entered, in.Cookie, err)
}

func checkToken(token string) error {
	if token == "" || len(token) > maxToken {
		return fault.At("token", fault.ValidationFailed, "must have 1 to %d bytes", maxToken)
	}
	return nil
}
