using System;
using System.Linq;
using System.Reflection;
using Motionwire;
using MotionwireEditor;
using NUnit.Framework;

namespace MotionwireTests
{
    /// <summary>Entering Play mode without a domain reload keeps static fields: so there are none.</summary>
    public sealed class StaticsTests
    {
        [TestCase(typeof(MotionwireClient))]
        [TestCase(typeof(MotionwireCharacter))]
        [TestCase(typeof(MotionwireClipBaker))]
        public void NoStaticState(Type one)
        {
            const BindingFlags all = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            string[] found = one.Assembly.GetTypes().SelectMany(type => type.GetFields(all))
                .Where(field => !field.IsLiteral && !IsMadeByTheCompiler(field)).Select(field => field.DeclaringType + "." + field.Name).ToArray();
            Assert.IsEmpty(found, string.Join(", ", found));
        }

        /// <summary>Tables of constants, for switches over strings and array values: they never change.</summary>
        private static bool IsMadeByTheCompiler(FieldInfo field)
        {
            return field.Name.StartsWith("<>f__switch$map") || field.DeclaringType.Name.StartsWith("<PrivateImplementationDetails>");
        }
    }
}
