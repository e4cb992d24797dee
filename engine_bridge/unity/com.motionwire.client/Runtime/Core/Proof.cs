using System;
using System.Security.Cryptography;
using System.Text;

namespace Motionwire
{
    /// <summary>How a client proves that it knows the server's token, which itself never travels (SPEC.md, section 4).</summary>
    internal static class Proof
    {
        private const string Domain = "motionwire-hello-1";

        public static byte[] Of(string token, byte[] nonce)
        {
            var message = new byte[Domain.Length + nonce.Length];
            Encoding.ASCII.GetBytes(Domain, 0, Domain.Length, message, 0);
            Buffer.BlockCopy(nonce, 0, message, Domain.Length, nonce.Length);
            using (var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(token))) return hmac.ComputeHash(message);
        }
    }
}
