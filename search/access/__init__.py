"""Who somebody is: keys of programs, passcodes and sign-ins of people, this machine or another."""
